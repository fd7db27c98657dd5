/** Names in the picture: each category's name in the thickest part of its points. */
import type { CodeValues } from "./color-style";
import type { Positions } from "./projection";

export interface CategoryLabel {
  readonly index: number;
  readonly text: string;
}

/** A column with more categories than this gets no names: they would be noise, not orientation. */
export const MAX_CATEGORY_LABELS = 24;

/** Cells along each axis: as large as a cluster that is worth a name. */
const CELLS = 16;

/**
 * Not at the mean: a category in two parts has its mean between them, perhaps among the points of
 * another one. The label stands at the real point nearest to the middle of the fullest cell and
 * its neighbors, because a label belongs to a point.
 */
export function categoryLabels(positions: Positions, column: CodeValues): CategoryLabel[] {
  const { names, n_categories } = column.categories;
  if (n_categories > MAX_CATEGORY_LABELS) return [];
  const cellOf = cells(positions, column.codes.length);
  const size = CELLS ** positions.dims;
  const counts = new Uint32Array(names.length * size);
  cellOf.forEach((cell, index) => {
    const code = column.codes[index] ?? names.length;
    if (cell < 0 || code >= names.length) return;
    counts[code * size + cell] = (counts[code * size + cell] ?? 0) + 1;
  });
  const fullest = names.map((_, code) => argmax(counts.subarray(code * size, (code + 1) * size)));
  const isNear = (index: number, code: number) =>
    areNeighbors(cellOf[index] ?? -1, fullest[code] ?? -1, positions.dims);
  const nearest = nearestToMiddles(positions, column, isNear);
  return names.flatMap((text, code) => {
    const index = nearest[code] ?? -1;
    return index < 0 ? [] : [{ index, text }];
  });
}

/** The cell of every point; -1 where it has no position. */
function cells({ values, dims }: Positions, nPoints: number): Int32Array {
  const low = new Float64Array(dims).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dims).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    const axis = at % dims;
    if (value < (low[axis] ?? 0)) low[axis] = value;
    if (value > (high[axis] ?? 0)) high[axis] = value;
  }
  return Int32Array.from({ length: Math.min(nPoints, values.length / dims) }, (_, index) => {
    let cell = 0;
    for (let axis = 0; axis < dims; axis++) {
      const value = values[index * dims + axis] ?? Number.NaN;
      if (Number.isNaN(value)) return -1;
      const from = low[axis] ?? 0;
      const span = (high[axis] ?? 0) - from || 1;
      cell = cell * CELLS + Math.min(CELLS - 1, Math.floor(((value - from) / span) * CELLS));
    }
    return cell;
  });
}

/** -1 where all are zero. */
function argmax(counts: Uint32Array): number {
  let best = -1;
  let most = 0;
  counts.forEach((count, cell) => {
    if (count <= most) return;
    most = count;
    best = cell;
  });
  return best;
}

function areNeighbors(a: number, b: number, dims: number): boolean {
  if (a < 0 || b < 0) return false;
  let [left, right] = [a, b];
  for (let axis = 0; axis < dims; axis++) {
    if (Math.abs((left % CELLS) - (right % CELLS)) > 1) return false;
    left = Math.floor(left / CELLS);
    right = Math.floor(right / CELLS);
  }
  return true;
}

/** For each category the point nearest to the mean of its points that pass; -1 for none. */
function nearestToMiddles(
  { values, dims }: Positions,
  { codes, categories }: CodeValues,
  passes: (index: number, code: number) => boolean,
): Int32Array {
  const n = categories.names.length;
  const sums = new Float64Array(n * dims);
  const counts = new Float64Array(n);
  const each = (visit: (index: number, code: number) => void) => {
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] ?? n;
      if (code < n && passes(index, code)) visit(index, code);
    }
  };
  each((index, code) => {
    counts[code] = (counts[code] ?? 0) + 1;
    for (let axis = 0; axis < dims; axis++) {
      const at = code * dims + axis;
      sums[at] = (sums[at] ?? 0) + (values[index * dims + axis] ?? 0);
    }
  });
  const nearest = new Int32Array(n).fill(-1);
  const shortest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  each((index, code) => {
    let squared = 0;
    for (let axis = 0; axis < dims; axis++) {
      const middle = (sums[code * dims + axis] ?? 0) / (counts[code] ?? 1);
      squared += ((values[index * dims + axis] ?? 0) - middle) ** 2;
    }
    if (squared >= (shortest[code] ?? 0)) return;
    shortest[code] = squared;
    nearest[code] = index;
  });
  return nearest;
}
