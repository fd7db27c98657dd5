/** A selection: rows of the dataset, ascending, each once. */

export type Selection = Uint32Array;
export type SelectMode = "replace" | "add" | "subtract" | "intersect";

export const EMPTY_SELECTION: Selection = new Uint32Array(0);

/** Any rows as a selection; what is no row of the dataset is dropped. */
export function selectionOf(indices: Iterable<number>, nPoints = 0xffffffff): Selection {
  const rows = Uint32Array.from(
    [...indices].filter((each) => Number.isInteger(each) && each >= 0 && each < nPoints),
  ).sort();
  let kept = 0;
  for (let at = 0; at < rows.length; at++) {
    if (at === 0 || rows[at] !== rows[at - 1]) rows[kept++] = rows[at] ?? 0;
  }
  return rows.slice(0, kept);
}

export function contains(selection: Selection, index: number): boolean {
  let low = 0;
  let high = selection.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((selection[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return selection[low] === index;
}

export function equal(a: Selection, b: Selection): boolean {
  return a === b || (a.length === b.length && a.every((each, at) => each === b[at]));
}

/** Join a new selection with the old one: one walk along both. */
export function combine(old: Selection, incoming: Selection, mode: SelectMode): Selection {
  if (mode === "replace") return incoming;
  const result = new Uint32Array(old.length + incoming.length);
  let n = 0;
  let i = 0;
  let j = 0;
  while (i < old.length || j < incoming.length) {
    const a = i < old.length ? (old[i] ?? 0) : Number.POSITIVE_INFINITY;
    const b = j < incoming.length ? (incoming[j] ?? 0) : Number.POSITIVE_INFINITY;
    const inBoth = a === b;
    const keep = mode === "add" || (mode === "intersect" ? inBoth : a < b);
    if (keep) result[n++] = Math.min(a, b);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return result.slice(0, n);
}
