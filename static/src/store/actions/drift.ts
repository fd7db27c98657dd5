/** The comparison of two datasets, and what it says of one point and of groups. */
import type { Drift } from "../state/drift";
import type { Action } from "../store";

export function driftChanged(drift: Drift | null): Action {
  return (state) => ({ ...state, drift });
}

/** `id` is that of the comparison; of an earlier one nothing is kept. */
export function driftDetails(
  id: string,
  part: Partial<Pick<Drift, "point" | "neighbors" | "groups" | "hasLines" | "lines">>,
): Action {
  return (state) =>
    state.drift?.id === id ? { ...state, drift: { ...state.drift, ...part } } : state;
}
