/** The table: its order, and the texts of the rows in sight. */
import type { SortOrder } from "../../model/sorting";
import { NO_ANSWER } from "../state";
import type { Action } from "../store";
import type { OrderedRows, RowTexts, TableState } from "../table";

/** Rows whose texts are kept: some hundred screens full. */
const MAX_ROWS = 4000;

function change(part: Partial<TableState>): Action {
  return (state) => ({ ...state, table: { ...state.table, ...part } });
}

export function sortTable(order: SortOrder): Action {
  return change({ order });
}

export function orderAsked(): Action {
  return (state) =>
    change({ ordered: { ...state.table.ordered, isLoading: true, error: null } })(state);
}

export function orderFound(value: OrderedRows): Action {
  return change({ ordered: { value, isLoading: false, error: null } });
}

export function orderForgotten(): Action {
  return change({ ordered: NO_ANSWER });
}

/** Take texts of some rows: one list a column, in the order of `rows`. */
export function textsFound(
  key: string,
  rows: readonly number[],
  columns: readonly number[],
  texts: readonly (readonly (string | null)[])[],
): Action {
  return (state) => {
    const { table } = state;
    const known = table.textsOf === key ? table.texts : new Map<number, RowTexts>();
    const before = known.size + rows.length > MAX_ROWS ? new Map<number, RowTexts>() : known;
    const next = new Map(before);
    rows.forEach((row, at) => {
      const found = [...(known.get(row) ?? [])];
      columns.forEach((column, nth) => {
        found[column] = texts[nth]?.[at] ?? null;
      });
      next.set(row, found);
    });
    return change({ textsOf: key, texts: next })(state);
  };
}
