/** What a selection is compared with, and where it differs. */
import type { Contrast } from "../../model/data/contrast";
import type { SummaryState } from "../state/summary";
import type { Action } from "../store";

function change(part: Partial<SummaryState>): Action {
  return (state) => ({ ...state, summary: { ...state.summary, ...part } });
}

/** Compare with a saved selection; null compares with all other points. */
export function compareWith(against: number | null): Action {
  return change({ against });
}

/** The last answer stays on the screen until the next one has come. */
export function summaryAsked(): Action {
  return (state) =>
    change({ answer: { ...state.summary.answer, isLoading: true, error: null } })(state);
}

export function summaryFound(value: Contrast): Action {
  return change({ answer: { value, isLoading: false, error: null } });
}

export function summaryFailed(error: string): Action {
  return change({ answer: { value: null, isLoading: false, error } });
}
