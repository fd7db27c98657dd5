/** The condition that a person wrote, and whether its answer is of what is shown. */
import type { State } from "../state/state";
import { shownDataset } from "./shown";
import { contentKey } from "./table";

/** Names a condition and what it is asked of; empty without one. */
export function whereKey(state: State): string {
  const { where } = state.view;
  const computed = JSON.stringify(shownDataset(state)?.info.computed ?? {});
  return where === "" || !state.work.shown ? "" : `${where}\n${contentKey(state)}\n${computed}`;
}

/** Not zero for points that fail the condition; null where none is asked, or not answered yet. */
export function failingWhere(state: State): Uint8Array | null {
  const { of, failing } = state.formula;
  return of !== "" && of === whereKey(state) ? failing.value : null;
}
