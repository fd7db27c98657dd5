/** Finds where each category's name is written in the plot: where most of its points are. */
import type { CodeValues } from "../color/color-style";
import { N_COLORS } from "../color/palette";
import type { Positions } from "../projection/projection";

export interface CategoryLabel {
  readonly index: number;
  readonly text: string;
}

/** A column with more categories than have colors gets no names: they would only cover the points. */
export const MAX_CATEGORY_LABELS = N_COLORS;

/** Cells along each axis: as large as a cluster that is worth a name. */
const CELLS = 16;

/**
 * Not at the mean: a category in two parts has its mean between them, perhaps among the points of
 * another one. The label is at the real point nearest to the centroid of the fullest cell and its
 * neighbors, because a label belongs to a point.
 */
export function categoryLabels(positions: Positions, column: CodeValues): CategoryLabel[] {
  const { names, n_categories } = column.categories;
  if (n_categories > MAX_CATEGORY_LABELS) return [];
  const places = placesOf(positions, column);
  return names.flatMap((text, code) => {
    const index = places[code] ?? -1;
    return index < 0 ? [] : [{ index, text }];
  });
}

/** For each named category the point that its name is written at; -1 for none. */
export function placesOf(positions: Positions, column: CodeValues): Int32Array {
  const { codes, categories } = column;
  const { names } = categories;
  const cellOf = cells(positions, codes.length);
  const size = CELLS ** positions.dims;
  const counts = new Uint32Array(names.length * size);
  for (let index = 0; index < cellOf.length; index++) {
    const cell = cellOf[index] as number;
    const code = codes[index] as number;
    if (cell >= 0 && code < names.length) (counts[code * size + cell] as number)++;
  }
  // For each category, the cells near its fullest one: one look-up for each point, no calculation.
  const isNear = new Uint8Array(names.length * size);
  names.forEach((_, code) => {
    const fullest = argmax(counts.subarray(code * size, (code + 1) * size));
    for (let cell = 0; cell < size; cell++) {
      if (areNeighbors(cell, fullest, positions.dims)) isNear[code * size + cell] = 1;
    }
  });
  return nearestToCentroids(positions, column, (index, code) => {
    const cell = cellOf[index] as number;
    return cell >= 0 && isNear[code * size + cell] === 1;
  });
}

/** The cell of each point; -1 where it has no position. */
function cells({ values, dims }: Positions, nPoints: number): Int32Array {
  const n = Math.min(nPoints, Math.floor(values.length / dims));
  const found = new Int32Array(n);
  for (let axis = 0; axis < dims; axis++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = axis; at < values.length; at += dims) {
      const value = values[at] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const scale = CELLS / (high - low || 1);
    for (let index = 0; index < n; index++) {
      const value = values[index * dims + axis] as number;
      const before = found[index] as number;
      const place = Math.min(CELLS - 1, Math.floor((value - low) * scale));
      found[index] = Number.isNaN(value) || before < 0 ? -1 : before * CELLS + place;
    }
  }
  return found;
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

/** For each category the point nearest to the centroid of its points that pass; -1 for none. */
function nearestToCentroids(
  { values, dims }: Positions,
  { codes, categories }: CodeValues,
  passes: (index: number, code: number) => boolean,
): Int32Array {
  const n = categories.names.length;
  const sums = new Float64Array(n * dims);
  const counts = new Float64Array(n);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] as number;
    if (code >= n || !passes(index, code)) continue;
    (counts[code] as number)++;
    for (let axis = 0; axis < dims; axis++) {
      (sums[code * dims + axis] as number) += values[index * dims + axis] as number;
    }
  }
  const centroids = sums.map(
    (sum, at) => sum / Math.max(1, counts[Math.floor(at / dims)] as number),
  );
  const nearest = new Int32Array(n).fill(-1);
  const shortest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] as number;
    if (code >= n || !passes(index, code)) continue;
    let squared = 0;
    for (let axis = 0; axis < dims; axis++) {
      const away =
        (values[index * dims + axis] as number) - (centroids[code * dims + axis] as number);
      squared += away * away;
    }
    if (squared >= (shortest[code] as number)) continue;
    shortest[code] = squared;
    nearest[code] = index;
  }
  return nearest;
}
