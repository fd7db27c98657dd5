/** Asks the original space: what is nearest to an expression, or to the middle of some points. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { Dataset } from "../../model/data/dataset";
import { expressionIn } from "../../model/projection/expression";
import { MAX_NEIGHBORS } from "../../model/projection/neighbors";
import type { Selection } from "../../model/view/selection";
import {
  nearestAsked,
  nearestFailed,
  nearestForgotten,
  nearestFound,
} from "../../store/actions/query";
import { expressionColumn, isMiddleOpen } from "../../store/selectors/companions";
import { shownDataset } from "../../store/selectors/shown";
import type { Question } from "../../store/state/query";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

/** Half a label is a label that nobody bears: wait until the typing rests. */
const TYPING_MILLISECONDS = 450;

export function startNearestLoader(store: Store, api: Api): () => void {
  const expression = computed(() => {
    const state = store.state.value;
    const text = expressionIn(state.attention.search.text);
    return text === "" ? "" : JSON.stringify([text, ...labels(state), ...circumstances(state)]);
  });
  const numberOf = numbering();
  const middle = computed(() => {
    const state = store.state.value;
    return isMiddleOpen(state)
      ? [numberOf(state.query.middleOf), ...circumstances(state)].join(" ")
      : "";
  });
  let answered = "";

  const fail = (question: Question) => (error: unknown) =>
    store.dispatch(nearestFailed(question, messageOf(error)));
  const stops = [
    latest(
      expression,
      async (key, signal) => {
        const state = store.state.peek();
        const info = shownDataset(state)?.info;
        if (key === "" || !info) {
          if (state.query.expression.value || state.query.expression.error)
            store.dispatch(nearestForgotten("expression"));
          return;
        }
        store.dispatch(nearestAsked("expression"));
        await pause(TYPING_MILLISECONDS, signal);
        const text = expressionIn(store.state.peek().attention.search.text);
        const column = expressionColumn(store.state.peek());
        const how = settings(store.state.peek(), info);
        const found = await api.points.nearestToExpression(info.id, text, column, how, signal);
        store.dispatch(nearestFound("expression", found));
      },
      fail("expression"),
    ),
    latest(
      middle,
      async (key, signal) => {
        const state = store.state.peek();
        const info = shownDataset(state)?.info;
        const { middleOf, middle: known } = state.query;
        // Coming back to the selection finds the answer where it was.
        if (key === "" || !info || (key === answered && known.value)) return;
        store.dispatch(nearestAsked("middle"));
        const found = await api.points.nearestToPoints(
          info.id,
          middleOf,
          settings(state, info),
          signal,
        );
        answered = key;
        store.dispatch(nearestFound("middle", found));
      },
      fail("middle"),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A number for each selection: its rows may be a million, too many to be compared. */
function numbering(): (rows: Selection) => number {
  const numbers = new WeakMap<Selection, number>();
  let next = 0;
  return (rows) => {
    const known = numbers.get(rows);
    if (known !== undefined) return known;
    next += 1;
    numbers.set(rows, next);
    return next;
  };
}

/** The column whose labels are named, and what they are now that somebody may have tagged. */
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
