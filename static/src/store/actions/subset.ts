/** Goes back from a part of a dataset to the whole, with what is selected. */
import { rowsAbove } from "../../model/view/subset-rows";
import { selection, shownDataset } from "../selectors/shown";
import type { Ancestor } from "../selectors/subset";
import type { Action } from "../store";
import { goTo } from "./place";

/** What is selected in the part is selected in the whole, once that is on the screen. */
export function goBackTo({ dataset, place }: Ancestor): Action {
  return (state) => {
    const ids = shownDataset(state)?.ids;
    const above = state.datasets[dataset];
    // The rows of a middle part are known where it was shown; else nothing is carried over.
    const isKnown = above !== undefined && (!above.info.subset_of || above.ids !== undefined);
    const rows = selection(state);
    const next = goTo(place)(state);
    if (!ids || !isKnown || rows.length === 0) return next;
    const carried = { dataset, rows: rowsAbove(rows, ids, above.ids ?? null) };
    return { ...next, work: { ...next.work, carried } };
  };
}
