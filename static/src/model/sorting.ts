/** Rows in the order of a column's values. Missing values stand last, whichever way it is sorted. */
import type { ColumnValues } from "./color-style";
import { type PackedText, textAt } from "./packed-text";

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

const collator = new Intl.Collator("en", { numeric: true });

export function sortRows(
  rows: Uint32Array,
  values: ColumnValues | PackedText | null,
  isDescending: boolean,
): Uint32Array {
  if (!values) return isDescending ? rows.slice().reverse() : rows;
  const keys = "bytes" in values ? textKeys(rows, values) : valueKeys(rows, values);
  const order = Uint32Array.from(rows.keys());
  const sign = isDescending ? -1 : 1;
  const last = Number.POSITIVE_INFINITY;
  order.sort((a, b) => {
    const x = keys[a] as number;
    const y = keys[b] as number;
    if (x === y) return a - b;
    if (x === last || y === last) return x === last ? 1 : -1;
    return sign * (x - y);
  });
  return order.map((at) => rows[at] as number);
}

/** Each row's value as a number; infinity is what is missing. */
function valueKeys(rows: Uint32Array, values: ColumnValues): Float64Array {
  const missing = Number.POSITIVE_INFINITY;
  if (values.kind === "numbers") {
    return Float64Array.from(rows, (row) => {
      const value = values.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? missing : value;
    });
  }
  const { codes, categories } = values;
  const rank = new Map(
    categories.names
      .map((name, code) => ({ name, code }))
      .sort((a, b) => collator.compare(a.name, b.name))
      .map(({ code }, at) => [code, at]),
  );
  const none = codes instanceof Uint16Array ? 0xffff : 0xffffffff;
  return Float64Array.from(rows, (row) => {
    const code = codes[row] ?? none;
    return code === none ? missing : (rank.get(code) ?? categories.names.length + code);
  });
}

/** By the place of each text among the different ones: texts are compared once each. */
function textKeys(rows: Uint32Array, packed: PackedText): Float64Array {
  const texts = Array.from(rows, (row) => textAt(packed, row));
  const sorted = [...new Set(texts)].sort(collator.compare);
  const place = new Map(sorted.map((text, at) => [text, at]));
  return Float64Array.from(texts, (text) =>
    text === "" ? Number.POSITIVE_INFINITY : (place.get(text) ?? 0),
  );
}
