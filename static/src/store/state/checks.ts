/** What is looked over in the data: two columns against each other, duplicates, outliers. */
import type { ColumnRef } from "../../model/data/dataset";
import type { NearnessWork } from "../../model/projection/nearness";

export interface ChecksState {
  /** The columns of the table; null where none was chosen. */
  readonly rows: ColumnRef | null;
  readonly columns: ColumnRef | null;
  /** What the distances were asked for of (see `nearnessKey`); empty where they were not. */
  readonly asked: string;
  readonly work: NearnessWork | null;
  readonly error: string | null;
}

export const NO_CHECKS: ChecksState = {
  rows: null,
  columns: null,
  asked: "",
  work: null,
  error: null,
};
