/** Names in the picture: each category's name at the point nearest the middle of its points. */
import type { CodeValues } from "./color";
import type { Positions } from "./projection";

export interface CategoryLabel {
  readonly index: number;
  readonly text: string;
}

/** A column with more categories than this gets no names: they would be noise, not orientation. */
export const MAX_CATEGORY_LABELS = 24;

/**
 * The middle is the mean, and the label stands at the real point nearest to it, because a label
 * belongs to a point. A category in two far parts gets a label in one of them, not between them.
 */
export function categoryLabels(positions: Positions, column: CodeValues): CategoryLabel[] {
  const { values, dims } = positions;
  const nPoints = Math.min(column.codes.length, values.length / dims);
  if (column.categories.n_categories > MAX_CATEGORY_LABELS) return [];
  const n = column.categories.names.length;
  const sums = new Float64Array(n * dims);
  const counts = new Float64Array(n);
  for (let index = 0; index < nPoints; index++) {
    const code = column.codes[index] ?? n;
    if (code >= n || Number.isNaN(values[index * dims])) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    for (let axis = 0; axis < dims; axis++) {
      const at = code * dims + axis;
      sums[at] = (sums[at] ?? 0) + (values[index * dims + axis] ?? 0);
    }
  }
  const nearest = new Int32Array(n).fill(-1);
  const shortest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let index = 0; index < nPoints; index++) {
    const code = column.codes[index] ?? n;
    if (code >= n) continue;
    let squared = 0;
    for (let axis = 0; axis < dims; axis++) {
      const middle = (sums[code * dims + axis] ?? 0) / (counts[code] ?? 1);
      squared += ((values[index * dims + axis] ?? Number.NaN) - middle) ** 2;
    }
    if (squared < (shortest[code] ?? 0)) {
      shortest[code] = squared;
      nearest[code] = index;
    }
  }
  const labels: CategoryLabel[] = [];
  nearest.forEach((index, code) => {
    if (index >= 0) labels.push({ index, text: column.categories.names[code] ?? "" });
  });
  return labels;
}
