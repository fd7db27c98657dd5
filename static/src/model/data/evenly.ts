/** Chooses a few of many. */

/** At most `most` of them, evenly apart, with the first and the last. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  if (most < 2) return all.slice(all.length - most);
  const places = new Set(
    Array.from({ length: most }, (_, at) => Math.round((at * (all.length - 1)) / (most - 1))),
  );
  return all.filter((_, at) => places.has(at));
}
