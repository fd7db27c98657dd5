/** The order of a table's rows. */

export interface SortOrder {
  /** null sorts by the row number. */
  readonly column: number | null;
  readonly isDescending: boolean;
}

export const BY_ROW: SortOrder = { column: null, isDescending: false };

/** A click on a column's head: ascending, descending, and then as it was. */
export function nextOrder(order: SortOrder, column: number | null): SortOrder {
  if (order.column !== column) return { column, isDescending: false };
  return order.isDescending ? BY_ROW : { column, isDescending: true };
}

/**
 * Rows as the server has ordered all rows of the dataset. One walk along it: to sort a million rows
 * here would stop the page for a second.
 */
export function inOrder(rows: Uint32Array, order: Uint32Array): Uint32Array {
  if (rows.length === order.length) return order;
  const isWanted = new Uint8Array(order.length);
  for (const row of rows) isWanted[row] = 1;
  const found = new Uint32Array(rows.length);
  let n = 0;
  for (const row of order) if (isWanted[row] === 1) found[n++] = row;
  return found.subarray(0, n);
}
