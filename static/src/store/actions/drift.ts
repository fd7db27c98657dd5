/** The comparison of two datasets, and what it says of one point. */
import { isEqual } from "../../model/data/equality";
import type { Drift } from "../state/drift";
import type { Action } from "../store";

export function driftChanged(drift: Drift | null): Action {
  return (state) => (isEqual(state.drift, drift) ? state : { ...state, drift });
}

/** `id` is that of the comparison; of an earlier one nothing is kept. */
export function driftNeighbors(id: string, part: Pick<Drift, "point" | "neighbors">): Action {
  return (state) =>
    state.drift?.id === id ? { ...state, drift: { ...state.drift, ...part } } : state;
}
