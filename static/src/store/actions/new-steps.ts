/** New steps and rewritten files. */
import type { Place } from "../../model/data/listing";
import type { Action } from "../store";
import { goTo } from "./place";

export function follow(isFollowing: boolean): Action {
  return (state) => ({ ...state, news: { ...state.news, isFollowing } });
}

/** A step was written: go there when following, announce it when not. */
export function stepArrived(place: Place): Action {
  return (state) =>
    state.news.isFollowing
      ? goToNewStep(place)(state)
      : { ...state, news: { ...state.news, newest: place } };
}

export function goToNewStep(place: Place): Action {
  return (state) => goTo(place)(newStepsSeen()(state));
}

export function newStepsSeen(): Action {
  return (state) =>
    state.news.newest === null ? state : { ...state, news: { ...state.news, newest: null } };
}

/**
 * Files of these datasets were rewritten. What they were is shown until what they are has come;
 * but no answer of the old ones is an answer any more.
 */
export function entriesRewritten(ids: readonly string[]): Action {
  return (state) => {
    const old = new Set<string | undefined>(ids);
    const { answers, projections } = state.work;
    const { values } = state.attention;
    const isOld = (projection: string) => old.has(projections[projection]?.dataset);
    return {
      ...state,
      work: { ...state.work, answers: filtered(answers, (id) => !isOld(id)) },
      attention: {
        ...state.attention,
        values: filtered(values, ({ dataset }) => !old.has(dataset)),
      },
    };
  };
}

function filtered<T>(
  record: Readonly<Record<string, T>>,
  keep: (value: T) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => keep(value)));
}
