/** Fetches what the table shows: the order of its rows, and the texts of those in sight. */
import { computed, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { BY_ROW } from "../../model/data/sorting";
import { notify } from "../../store/actions/page";
import {
  orderAsked,
  orderForgotten,
  orderFound,
  sortTable,
  textsFound,
} from "../../store/actions/table";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey, orderKey, textsOf } from "../../store/selectors/table";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

/** Who scrolls passes many rows; where it rests is asked about. */
const SCROLLING_MILLISECONDS = 40;
/** More does not fit into a cell; the point's own card has the whole. */
const MAX_LETTERS = 300;

interface Wanted {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export function startTable(store: Store, api: Api): () => void {
  const wanted = signal<Wanted | null>(null);
  const order = computed(() => {
    const state = store.state.value;
    return state.layout.open.table ? orderKey(state) : "";
  });
  const content = store.select(contentKey);
  const asked = computed(() => ({ wanted: wanted.value, content: content.value }));

  const stops = [
    store.onRequest((intent) => {
      if (intent.kind === "load-texts") {
        wanted.value = { rows: intent.rows, columns: intent.columns };
      }
    }),
    latest(
      order,
      async (key, signal) => {
        const state = store.state.peek();
        const info = shownDataset(state)?.info;
        const { column, isDescending } = state.table.order;
        if (key === "" || column === null || !info) {
          if (state.table.ordered || state.table.isSorting) store.dispatch(orderForgotten());
          return;
        }
        if (state.table.ordered?.key === key)
          return store.dispatch(orderFound(state.table.ordered));
        // Another dataset may have fewer columns.
        if (column >= info.columns.length) return store.dispatch(sortTable(BY_ROW));
        store.dispatch(orderAsked());
        const rows = await api.columns.order(info, column, isDescending, signal);
        signal.throwIfAborted();
        store.dispatch(orderFound({ key, rows }));
      },
      (error) => {
        store.dispatch(orderForgotten());
        store.dispatch(sortTable(BY_ROW));
        store.dispatch(notify("error", messageOf(error)));
      },
    ),
    latest(
      asked,
      async ({ wanted }, signal) => {
        const state = store.state.peek();
        const info = shownDataset(state)?.info;
        if (!wanted || !info || !state.layout.open.table) return;
        const of = textsOf(state);
        const known = state.table.textsOf.content === of.content ? state.table.texts : null;
        const rows = wanted.rows.filter((row) => {
          const texts = known?.get(row);
          return row < info.n_points && wanted.columns.some((each) => texts?.[each] === undefined);
        });
        const columns = wanted.columns.filter((each) => each < info.columns.length);
        if (rows.length === 0 || columns.length === 0) return;
        await pause(SCROLLING_MILLISECONDS, signal);
        const found = await api.columns.texts(info.id, rows, columns, MAX_LETTERS, signal);
        signal.throwIfAborted();
        store.dispatch(textsFound(of, found.rows, found.columns, found.texts));
      },
      (error) => store.dispatch(notify("error", messageOf(error))),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
