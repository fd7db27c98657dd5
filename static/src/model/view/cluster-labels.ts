/** Where the names of clusters are written, and how large a cluster is: what decides its level. */
import type { CodeValues } from "../color/color-style";
import type { Positions } from "../projection/projection";
import { placesOf } from "./category-labels";

export interface ClusterLabel {
  /** The point that it is written at. */
  readonly index: number;
  readonly text: string;
  /** The level's place among those given, the finest being 0. */
  readonly level: number;
  /** Mean distance of its points from that one, in the unit of the positions. */
  readonly radius: number;
  /** The same of those nearer than that: of the part that it is written on. */
  readonly reach: number;
  /** Whether finer clusters lie in it: seen large it gives way to them. */
  readonly hasParts: boolean;
  /** The next coarser cluster that holds it. */
  readonly above: { readonly index: number; readonly radius: number } | null;
}

/**
 * @param levels The finest first. Each cluster lies in at most one of the next coarser level, so
 * any of its points tells which.
 */
export function clusterLabels(
  positions: Positions,
  levels: readonly CodeValues[],
): readonly ClusterLabel[] {
  const places = levels.map((level) => placesOf(positions, level));
  const radii = levels.map((level, at) => radiiOf(positions, level, places[at] ?? NO_PLACES));
  const reaches = levels.map((level, at) =>
    radiiOf(positions, level, places[at] ?? NO_PLACES, radii[at]),
  );
  const found: ClusterLabel[] = [];
  for (let level = levels.length - 1; level >= 0; level--) {
    const { categories } = levels[level] as CodeValues;
    categories.names.forEach((text, code) => {
      const index = places[level]?.[code] ?? -1;
      if (index < 0) return;
      const radius = radii[level]?.[code] ?? 0;
      const reach = reaches[level]?.[code] ?? 0;
      const above = aboveOf(levels, places, radii, level, index);
      found.push({ index, text, level, radius, reach, hasParts: false, above });
    });
  }
  const wholes = new Set(found.map(({ level, above }) => above && `${level + 1} ${above.index}`));
  return found.map((label) =>
    wholes.has(`${label.level} ${label.index}`) ? { ...label, hasParts: true } : label,
  );
}

const NO_PLACES = new Int32Array(0);

function aboveOf(
  levels: readonly CodeValues[],
  places: readonly Int32Array[],
  radii: readonly Float64Array[],
  level: number,
  index: number,
): ClusterLabel["above"] {
  const code = levels[level + 1]?.codes[index];
  const place = code === undefined ? -1 : (places[level + 1]?.[code] ?? -1);
  if (code === undefined || place < 0) return null;
  return { index: place, radius: radii[level + 1]?.[code] ?? 0 };
}

/** Mean distance of each cluster's points from its place; of those within `most` of it. */
function radiiOf(
  { values, dims }: Positions,
  { codes, categories }: CodeValues,
  places: Int32Array,
  most: Float64Array | null = null,
): Float64Array {
  const sums = new Float64Array(categories.names.length);
  const counts = new Float64Array(categories.names.length);
  const n = Math.min(codes.length, Math.floor(values.length / dims));
  for (let index = 0; index < n; index++) {
    const code = codes[index] as number;
    const place = places[code] ?? -1;
    if (place < 0) continue;
    let squared = 0;
    for (let axis = 0; axis < dims; axis++) {
      const away =
        (values[index * dims + axis] as number) - (values[place * dims + axis] as number);
      squared += away * away;
    }
    const distance = Math.sqrt(squared);
    if (!(distance <= (most?.[code] ?? Number.POSITIVE_INFINITY))) continue;
    (sums[code] as number) += distance;
    (counts[code] as number)++;
  }
  return sums.map((sum, code) => sum / Math.max(1, counts[code] as number));
}
