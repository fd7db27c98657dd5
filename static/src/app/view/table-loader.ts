/** Fetches what the table shows: the order of its rows, and the texts of those in view. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { BY_ROW } from "../../model/data/sorting";
import {
  orderAsked,
  orderForgotten,
  orderFound,
  sortTable,
  textsFound,
} from "../../store/actions/table";
import type { Handlers } from "../../store/handlers";
import type { RequestOf } from "../../store/requests";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey, orderKey, textsOf } from "../../store/selectors/table";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import { report } from "../report";

/** Who scrolls passes many rows; where it rests is asked about. */
const SCROLLING_MILLISECONDS = 40;
/** More does not fit into a cell; the point's own card has the whole. */
const MAX_LETTERS = 300;

export interface TableLoader {
  readonly handlers: Handlers<"load-texts">;
  stop(): void;
}

/** @param isActive There is one table on the page, which shows the active view. */
export function startTable(store: Store, api: Api, isActive: ReadonlySignal<boolean>): TableLoader {
  const say = report(store);
  const wanted = signal<RequestOf<"load-texts"> | null>(null);
  const isSeen = computed(() => isActive.value && store.state.value.layout.open.table);
  const order = computed(() => (isSeen.value ? orderKey(store.state.value) : ""));
  const content = store.select(contentKey);
  const texts = computed(() => ({ wanted: wanted.value, content: content.value }));

  const stops = [
    latest(
      order,
      (key, signal) => loadOrder(store, api, key, signal),
      (error) => {
        store.dispatch(orderForgotten());
        store.dispatch(sortTable(BY_ROW));
        say(error);
      },
    ),
    latest(
      texts,
      async ({ wanted }, signal) => {
        if (wanted && isSeen.peek()) await loadTexts(store, api, wanted, signal);
      },
      say,
    ),
  ];
  return {
    handlers: {
      "load-texts"(request) {
        wanted.value = request;
      },
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

async function loadOrder(store: Store, api: Api, key: string, signal: AbortSignal): Promise<void> {
  const state = store.state.peek();
  const info = shownDataset(state)?.info;
  const { column, isDescending } = state.table.order;
  if (key === "" || column === null || !info) {
    if (state.table.ordered || state.table.isSorting) store.dispatch(orderForgotten());
    return;
  }
  if (state.table.ordered?.key === key) return store.dispatch(orderFound(state.table.ordered));
  // Another dataset may have fewer columns.
  if (column >= info.columns.length) return store.dispatch(sortTable(BY_ROW));
  store.dispatch(orderAsked());
  const rows = await api.columns.order(info, column, isDescending, signal);
  signal.throwIfAborted();
  store.dispatch(orderFound({ key, rows }));
}

async function loadTexts(
  store: Store,
  api: Api,
  wanted: RequestOf<"load-texts">,
  signal: AbortSignal,
): Promise<void> {
  const state = store.state.peek();
  const info = shownDataset(state)?.info;
  if (!info) return;
  const of = textsOf(state);
  const known = state.table.textsOf.content === of.content ? state.table.texts : null;
  const isMissing = (row: number) => {
    const texts = known?.get(row);
    return row < info.n_points && wanted.columns.some((each) => texts?.[each] === undefined);
  };
  const rows = wanted.rows.filter(isMissing);
  const columns = wanted.columns.filter((each) => each < info.columns.length);
  if (rows.length === 0 || columns.length === 0) return;
  await pause(SCROLLING_MILLISECONDS, signal);
  const found = await api.columns.texts(info.id, rows, columns, MAX_LETTERS, signal);
  signal.throwIfAborted();
  store.dispatch(textsFound(of, found.rows, found.columns, found.texts));
}
