/** Fetches metadata, neighbors and search results of points. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { Dataset } from "../../model/data/dataset";
import { isExpression, patternIn } from "../../model/projection/expression";
import {
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
import { report } from "../report";

/** A pointer on its way somewhere passes many points; only where it rests is asked about. */
const HOVER_MILLISECONDS = 70;
const TYPING_MILLISECONDS = 150;
const SLIDING_MILLISECONDS = 60;

/** @param isLoading Of two views that show the same, one loads what is known of a point. */
export function startPointLoader(
  store: Store,
  api: Api,
  isLoading: () => boolean = () => true,
): () => void {
  const stops = [
    loadValues(store, api, isLoading),
    loadNeighbors(store, api),
    loadMatches(store, api),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function drawnDataset(state: State): Dataset | null {
  return (state.work.shown && shownDataset(state)?.info) ?? null;
}

/** Metadata of the point under the pointer, and of the selected one. */
function loadValues(store: Store, api: Api, isLoading: () => boolean): () => void {
  async function load(index: number | null, wait: number, signal: AbortSignal): Promise<void> {
    const info = drawnDataset(store.state.peek());
    if (index === null || !info || info.columns.length === 0 || !isLoading()) return;
    if (isKnown(store.state.peek(), info.id, index)) return;
    await pause(wait, signal);
    const values = await api.points.get(info.id, index, signal);
    signal.throwIfAborted();
    store.dispatch(valuesLoaded(info.id, values));
  }
  const hovered = withDataset(store, (state) => state.attention.hover);
  const selected = withDataset(store, selectedPoint);
  const stops = [
    latest(
      hovered,
      (_, signal) => load(store.state.peek().attention.hover, HOVER_MILLISECONDS, signal),
      // A hover that fails is not worth a message: the label is there, and the next one may do.
      () => undefined,
    ),
    latest(
      selected,
      (_, signal) => load(selectedPoint(store.state.peek()), 0, signal),
      report(store),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function loadNeighbors(store: Store, api: Api): () => void {
  // Who is near whom does not change with tags.
  const selected = withDataset(store, selectedPoint, false);
  const asked = computed(() => {
    const { k, metric } = store.state.value.view;
    return `${selected.value} ${k} ${metric}`;
  });
  let lastPoint: number | null = null;
  return latest(
    asked,
    async (_, signal) => {
      const state = store.state.peek();
      const index = selectedPoint(state);
      const info = drawnDataset(state);
      const isSamePoint = index === lastPoint;
      lastPoint = index;
      if (index === null || !info || index >= info.n_points) return;
      // A single point has no neighbors, and nobody has to be asked for none.
      const k = Math.min(state.view.k, info.n_points - 1);
      if (k < 1) return;
      store.dispatch(neighborsAsked());
      if (isSamePoint) await pause(SLIDING_MILLISECONDS, signal);
      const { metric } = state.view;
      const found = await api.points.neighbors(info.id, index, { k, metric }, signal);
      signal.throwIfAborted();
      store.dispatch(neighborsFound(found));
    },
    (error) => store.dispatch(neighborsFailed(messageOf(error))),
  );
}

function loadMatches(store: Store, api: Api): () => void {
  const asked = withDataset(store, ({ attention }) =>
    JSON.stringify([attention.search.text, attention.search.column]),
  );
  return latest(
    asked,
    async (_, signal) => {
      const state = store.state.peek();
      const { text, column } = state.attention.search;
      const info = drawnDataset(state);
      if (text === "" || isExpression(text) || !info) return;
      store.dispatch(searchAsked());
      await pause(TYPING_MILLISECONDS, signal);
      const inColumn = column !== null && column < info.columns.length ? column : null;
      const pattern = patternIn(text);
      const wanted = pattern ?? text;
      const found = await api.points.search(info.id, wanted, inColumn, pattern !== null, signal);
      signal.throwIfAborted();
      store.dispatch(searchFound(found.rows, found.columns));
    },
    (error) => store.dispatch(searchFailed(messageOf(error))),
  );
}

/**
 * Another dataset makes every question a new one, though it reads the same; so do tags, and columns
 * that were made of what was found, unless only the vectors are asked about.
 */
function withDataset(store: Store, part: (state: State) => unknown, withColumns = true) {
  return store.select((state) => {
    const id = state.work.shown?.dataset ?? "";
    const data = state.datasets[id];
    const columns = withColumns && data ? `${data.tags} ${columnsOf(data.info)}` : "";
    return `${id} ${data?.revision} ${columns} ${String(part(state))}`;
  });
}

const described = new WeakMap<Dataset, string>();

/** The columns of a dataset by their names and by what made them. */
function columnsOf(info: Dataset): string {
  const text =
    described.get(info) ?? info.columns.map((each) => `${each.name} ${each.made_by}`).join();
  described.set(info, text);
  return text;
}

function isKnown(state: State, dataset: string, index: number): boolean {
  const values = state.attention.values[pointKey(dataset, index)];
  return values !== undefined && !values.isStale;
}
