/** The texts of some points of a column that has too many to fetch them all. */

/** A column of more points is not fetched whole: a million names are 16 MB, of which few are read. */
export const MOST_FETCHED_WHOLE = 100_000;

/** So many are kept: those that were fetched first are forgotten first. */
const MOST_KEPT = 20_000;

/** By row; the empty text where a point has none. */
export type SomeTexts = ReadonlyMap<number, string>;

export const NO_TEXTS: SomeTexts = new Map();

export function withTexts(
  known: SomeTexts,
  rows: readonly number[],
  texts: readonly (string | null)[],
): SomeTexts {
  const all = new Map(known);
  for (const [at, row] of rows.entries()) {
    all.delete(row);
    all.set(row, texts[at] ?? "");
  }
  const surplus = all.size - MOST_KEPT;
  if (surplus <= 0) return all;
  return new Map([...all].slice(surplus));
}

/** Letters of a name, in the mean; null while none is known. */
export function meanLength(known: SomeTexts): number | null {
  if (known.size === 0) return null;
  let sum = 0;
  for (const text of known.values()) sum += text.length;
  return sum / known.size;
}
