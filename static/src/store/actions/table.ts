/** The order of the table, and the texts of its visible rows. */
import type { SortOrder } from "../../model/data/sorting";
import type { OrderedRows, RowTexts, TableState, TextsOf } from "../state/table";
import type { Action } from "../store";

/** Rows whose texts are kept: some hundred screens full. */
const MAX_ROWS = 4000;

function change(part: Partial<TableState>): Action {
  return (state) => ({ ...state, table: { ...state.table, ...part } });
}

export function sortTable(order: SortOrder): Action {
  return change({ order });
}

export function orderAsked(): Action {
  return change({ isSorting: true });
}

export function orderFound(ordered: OrderedRows): Action {
  return change({ ordered, isSorting: false });
}

export function orderForgotten(): Action {
  return change({ ordered: null, isSorting: false });
}

/** Take texts of some rows: one list a column, in the order of `rows`. */
export function textsFound(
  of: TextsOf,
  rows: readonly number[],
  columns: readonly number[],
  texts: readonly (readonly (string | null)[])[],
): Action {
  return (state) => {
    const { table } = state;
    const known = table.textsOf.content === of.content ? table.texts : new Map<number, RowTexts>();
    const before = known.size + rows.length > MAX_ROWS ? new Map<number, RowTexts>() : known;
    const next = new Map(before);
    rows.forEach((row, at) => {
      const found = [...(known.get(row) ?? [])];
      columns.forEach((column, nth) => {
        found[column] = texts[nth]?.[at] ?? null;
      });
      next.set(row, found);
    });
    return change({ textsOf: of, texts: next })(state);
  };
}
