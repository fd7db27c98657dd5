/** Columns of the cross table, and the work on distances between neighbors. */
import type { ColumnRef } from "../../model/data/dataset";
import type { NearnessWork } from "../../model/projection/nearness";
import { nearnessKey } from "../selectors/checks";
import type { ChecksState } from "../state/checks";
import type { Action } from "../store";

function change(part: Partial<ChecksState>): Action {
  return (state) => ({ ...state, checks: { ...state.checks, ...part } });
}

export function chooseCrossed(side: "rows" | "columns", column: ColumnRef): Action {
  return change({ [side]: column });
}

export function askNearness(): Action {
  return (state) => change({ asked: nearnessKey(state), work: null, error: null })(state);
}

export function nearnessHeard(work: NearnessWork): Action {
  return change({ work, error: work.error?.message ?? null });
}

export function nearnessFailed(error: string): Action {
  return change({ error, asked: "" });
}

/** Nobody waits for it any more. */
export function nearnessStopped(): Action {
  return change({ asked: "", work: null });
}
