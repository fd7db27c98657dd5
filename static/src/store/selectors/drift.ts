/** Which views can be compared, and what is known of their comparison. */

import type { Column } from "../../model/data/dataset";
import { driftColumns } from "../../model/data/drift";
import { inverseOf, mappedRow, type RowMap } from "../../model/view/matching";
import type { Drift } from "../state/drift";
import type { State } from "../state/state";
import { selectedPoint, shownDataset } from "./shown";

const NO_COLUMNS: readonly Column[] = [];

/** The columns of the comparison that what is shown is part of. */
export function shownDriftColumns(state: State): readonly Column[] {
  const data = shownDataset(state);
  return data ? driftColumns(data.info.columns) : NO_COLUMNS;
}

/** The id of the comparison whose columns what is shown has; empty for none. */
export function shownDriftId(state: State): string {
  return shownDriftColumns(state)[0]?.made_by ?? "";
}

/** The selected point as a row of the first of the two datasets; null where it was not compared. */
export function comparedPoint(state: State): number | null {
  const drift = shownDrift(state);
  const data = shownDataset(state);
  const point = selectedPoint(state);
  if (!drift || !data || point === null) return point;
  if (data.info.id !== drift.from) {
    return mappedRow(inverseOf(drift.rows, data.info.n_points), point);
  }
  return mappedRow(drift.rows, point) === null ? null : point;
}

/** The way back. */
export function rowsFromFirst(state: State): RowMap {
  const drift = shownDrift(state);
  return drift && shownDataset(state)?.info.id !== drift.from ? drift.rows : "same";
}

/** The comparison that the columns are of, once its result is there. */
export function shownDrift(state: State): Drift | null {
  const { drift } = state;
  return drift?.result && drift.id === shownDriftId(state) ? drift : null;
}
