/** Means of numbers by category. */

export interface CategoryMean {
  readonly name: string;
  /** Points of the category that have a number. */
  readonly n: number;
  /** One for each of the columns of numbers. */
  readonly means: readonly number[];
}

/**
 * The means of some columns by the category of each row, in the order of the names. Rows without a
 * category or without a number in the first column count nowhere.
 */
export function meansByCategory(
  codes: ArrayLike<number>,
  names: readonly string[],
  columns: readonly ArrayLike<number>[],
): readonly CategoryMean[] {
  const counts = new Uint32Array(names.length);
  const sums = columns.map(() => new Float64Array(names.length));
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? names.length;
    if (code >= names.length || Number.isNaN(columns[0]?.[row] ?? Number.NaN)) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    for (const [at, values] of columns.entries()) {
      const sum = sums[at];
      if (sum) sum[code] = (sum[code] ?? 0) + (values[row] ?? Number.NaN);
    }
  }
  return names.flatMap((name, code) => {
    const n = counts[code] ?? 0;
    return n === 0 ? [] : { name, n, means: sums.map((sum) => (sum[code] ?? 0) / n) };
  });
}
