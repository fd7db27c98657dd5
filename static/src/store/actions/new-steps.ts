/** New steps and rewritten files. */
import type { Place } from "../../model/data/listing";
import type { Action } from "../store";
import { goTo } from "./place";

export function follow(isFollowing: boolean): Action {
  return (state) => ({ ...state, newSteps: { ...state.newSteps, isFollowing } });
}

/** A step was written: go there when following, announce it when not. */
export function stepArrived(place: Place): Action {
  return (state) =>
    state.newSteps.isFollowing
      ? goToNewStep(place)(state)
      : { ...state, newSteps: { ...state.newSteps, newest: place } };
}

export function goToNewStep(place: Place): Action {
  return (state) => goTo(place)(newStepsSeen()(state));
}

export function newStepsSeen(): Action {
  return (state) =>
    state.newSteps.newest === null
      ? state
      : { ...state, newSteps: { ...state.newSteps, newest: null } };
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
    const isOld = (id: string) => {
      const projection = projections[id];
      const steps = projection?.series?.datasets ?? [projection?.dataset];
      return steps.some((each) => old.has(each));
    };
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
