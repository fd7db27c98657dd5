/** Fetches what is asked about points: metadata, neighbors, search results. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { isExpression, patternIn } from "../../model/projection/expression";
import { notify } from "../../store/actions/page";
import {
  mediaExplained,
  neighborsAsked,
  neighborsFailed,
  neighborsFound,
  searchAsked,
  searchFailed,
  searchFound,
  valuesLoaded,
} from "../../store/actions/selection";
import { selectedPoint, shownDataset } from "../../store/selectors/shown";
import { pointKey, type State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

/** A pointer on its way somewhere passes many points; only where it rests is asked about. */
const HOVER_MILLISECONDS = 70;
const TYPING_MILLISECONDS = 150;
const SLIDING_MILLISECONDS = 60;

export function startPointLoader(store: Store, api: Api): () => void {
  const dataset = store.select((state) => (state.work.shown && shownDataset(state)?.info) ?? null);
  const say = (error: unknown) => store.dispatch(notify("error", messageOf(error)));

  async function loadValues(index: number | null, wait: number, signal: AbortSignal) {
    const info = dataset.peek();
    if (index === null || !info || info.columns.length === 0) return;
    if (isKnown(store.state.peek(), info.id, index)) return;
    await pause(wait, signal);
    const values = await api.points.get(info.id, index, signal);
    store.dispatch(valuesLoaded(info.id, values));
  }

  const hovered = withDataset(store, (state) => state.attention.hover);
  const selected = withDataset(store, selectedPoint);
  // Who is near whom does not change when somebody tags.
  const selectedRow = withDataset(store, selectedPoint, false);
  const neighborsKey = computed(() => {
    const { k, metric } = store.state.value.view;
    return `${selectedRow.value} ${k} ${metric}`;
  });
  const searchKey = withDataset(store, ({ attention }) =>
    JSON.stringify([attention.search.text, attention.search.column]),
  );
  let lastPoint: number | null = null;

  const stops = [
    latest(
      hovered,
      (_, signal) => loadValues(store.state.peek().attention.hover, HOVER_MILLISECONDS, signal),
      // A hover that fails is not worth a message: the label is there, and the next one may do.
      () => undefined,
    ),
    latest(selected, (_, signal) => loadValues(selectedPoint(store.state.peek()), 0, signal), say),
    latest(
      neighborsKey,
      async (_, signal) => {
        const state = store.state.peek();
        const index = selectedPoint(state);
        const info = dataset.peek();
        const isSamePoint = index === lastPoint;
        lastPoint = index;
        if (index === null || !info || index >= info.n_points) return;
        store.dispatch(neighborsAsked());
        if (isSamePoint) await pause(SLIDING_MILLISECONDS, signal);
        const k = Math.min(state.view.k, info.n_points - 1);
        if (k < 1) return;
        const { metric } = state.view;
        const found = await api.points.neighbors(info.id, index, { k, metric }, signal);
        store.dispatch(neighborsFound(found));
      },
      (error) => store.dispatch(neighborsFailed(messageOf(error))),
    ),
    latest(
      searchKey,
      async (_, signal) => {
        const { text, column } = store.state.peek().attention.search;
        const info = dataset.peek();
        if (text === "" || isExpression(text) || !info) return;
        store.dispatch(searchAsked());
        await pause(TYPING_MILLISECONDS, signal);
        const inColumn = column !== null && column < info.columns.length ? column : null;
        const pattern = patternIn(text);
        const wanted = pattern ?? text;
        const rows = await api.points.search(info.id, wanted, inColumn, pattern !== null, signal);
        store.dispatch(searchFound(rows));
      },
      (error) => store.dispatch(searchFailed(messageOf(error))),
    ),
  ];
  stops.push(
    store.onRequest((intent) => {
      if (intent.kind !== "explain-media") return;
      const { url, place } = intent;
      void api.media.problem(place).then((message) => store.dispatch(mediaExplained(url, message)));
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** Another dataset makes every question a new one, though it reads the same. */
function withDataset(store: Store, part: (state: State) => unknown, withTags = true) {
  return store.select((state) => {
    const id = state.work.shown?.dataset ?? "";
    const data = state.datasets[id];
    const tags = withTags ? data?.tags : "";
    return `${id} ${data?.revision} ${tags} ${String(part(state))}`;
  });
}

function isKnown(state: State, dataset: string, index: number): boolean {
  const values = state.attention.values[pointKey(dataset, index)];
  return values !== undefined && !values.isStale;
}
