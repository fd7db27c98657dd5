/** Finds what is nearest to an expression, or to the centroid of some points. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { Dataset } from "../../model/data/dataset";
import { expressionIn, queryIn } from "../../model/projection/expression";
import { MAX_NEIGHBORS } from "../../model/projection/neighbors";
import {
  nearestAsked,
  nearestFailed,
  nearestForgotten,
  nearestFound,
} from "../../store/actions/query";
import { expressionColumn, isCentroidOpen } from "../../store/selectors/companions";
import { shownDataset } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import { numbering } from "../browser/numbering";

/** Half a label is no point's label: wait until the typing rests. */
const TYPING_MILLISECONDS = 450;

export function startNearestLoader(store: Store, api: Api): () => void {
  const stops = [loadNearestToExpression(store, api), loadNearestToSelection(store, api)];
  return () => {
    for (const stop of stops) stop();
  };
}

function loadNearestToExpression(store: Store, api: Api): () => void {
  const asked = computed(() => {
    const state = store.state.value;
    const text = expressionIn(state.attention.search.text);
    return text === "" ? "" : JSON.stringify([text, ...labels(state), ...circumstances(state)]);
  });
  return latest(
    asked,
    async (key, signal) => {
      const state = store.state.peek();
      const info = shownDataset(state)?.info;
      if (key === "" || !info) {
        const { value, error } = state.query.expression;
        if (value || error) store.dispatch(nearestForgotten("expression"));
        return;
      }
      store.dispatch(nearestAsked("expression"));
      await pause(TYPING_MILLISECONDS, signal);
      const now = store.state.peek();
      const text = expressionIn(now.attention.search.text);
      const column = expressionColumn(now);
      const how = settings(now, info);
      const query = queryIn(text);
      if (!query) throw new Error("A vector is numbers with commas between, in square brackets.");
      const found = await api.points.nearestToExpression(info.id, query, column, how, signal);
      signal.throwIfAborted();
      store.dispatch(nearestFound("expression", found));
    },
    (error) => store.dispatch(nearestFailed("expression", messageOf(error))),
  );
}

function loadNearestToSelection(store: Store, api: Api): () => void {
  const numberOf = numbering();
  const asked = computed(() => {
    const state = store.state.value;
    return isCentroidOpen(state)
      ? [numberOf(state.query.centroidOf), ...circumstances(state)].join(" ")
      : "";
  });
  let answered = "";
  return latest(
    asked,
    async (key, signal) => {
      const state = store.state.peek();
      const info = shownDataset(state)?.info;
      const { centroidOf, centroid: known } = state.query;
      // Coming back to the selection finds the answer where it was.
      if (key === "" || !info || (key === answered && known.value)) return;
      store.dispatch(nearestAsked("centroid"));
      const how = settings(state, info);
      const found = await api.points.nearestToPoints(info.id, centroidOf, how, signal);
      signal.throwIfAborted();
      answered = key;
      store.dispatch(nearestFound("centroid", found));
    },
    (error) => store.dispatch(nearestFailed("centroid", messageOf(error))),
  );
}

/** The column whose labels an expression names, and its revision: tags change labels. */
function labels(state: State): unknown[] {
  const column = expressionColumn(state);
  return [column, shownDataset(state)?.info.columns[column ?? -1]?.tags?.revision];
}

/** What makes the same words another question. */
function circumstances(state: State): unknown[] {
  const { dataset } = state.work.shown ?? {};
  const revision = dataset === undefined ? null : state.datasets[dataset]?.revision;
  return [dataset, revision, state.view.k, state.view.metric];
}

function settings({ view }: State, { n_points }: Dataset) {
  const k = Math.max(1, Math.min(view.k, MAX_NEIGHBORS, n_points - 1));
  return { k, metric: view.metric };
}
