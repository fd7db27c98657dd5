/** Which metadata columns can supervise a layout. */
import { automaticScale } from "../color/color";
import type { Column } from "../data/dataset";

/** Columns that divide the points into groups; one with a value for each point divides nothing. */
export function groupingColumns(columns: readonly Column[], nPoints: number): readonly Column[] {
  return columns.filter(
    (column) =>
      column.name !== "" &&
      automaticScale(column) === "categorical" &&
      column.n_categories > 1 &&
      column.n_categories <= nPoints / 2,
  );
}
