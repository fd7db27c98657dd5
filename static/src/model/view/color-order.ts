/**
 * Which category gets which color of the palette. With more than a few categories some colors are
 * alike: those go to categories that lie far apart, so that groups next to each other differ.
 */
import type { CodeValues, ColorOrder } from "../color/color-style";
import { colorDistance } from "../color/oklab";
import { categoryColor, N_COLORS, N_DISTINCT, type ThemeName } from "../color/palette";
import type { Positions } from "../projection/projection";

/** Beyond this part of the picture's extent two categories are not next to each other. */
const NEAR = 0.22;
/** Rounds of exchanging two colors; it hardly changes after a few. */
const MAX_ROUNDS = 6;

/**
 * Places for the most frequent categories, as many as the palette has. Names that have one keep it.
 * The first few places, which can be told apart with any color vision, go to the most frequent.
 */
export function arrangeColors(
  values: CodeValues,
  positions: Positions,
  known: ColorOrder,
): ColorOrder {
  const names = values.categories.names.slice(0, N_COLORS);
  const places = firstPlaces(names, known);
  const isFree = names.map((name) => !known.has(name));
  const alike = likenesses();
  const nearness = nearnessOf(centroids(values, positions, names.length));
  const cost = (a: number) => {
    let sum = 0;
    for (let b = 0; b < names.length; b++) {
      if (a !== b) sum += (nearness[a]?.[b] ?? 0) * (alike[places[a] ?? 0]?.[places[b] ?? 0] ?? 0);
    }
    return sum;
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!exchange(places, isFree, cost)) break;
  }
  return new Map([...known, ...names.map((name, at) => [name, places[at] ?? 0] as const)]);
}

/** Known names keep their places, others take the first that are left. */
function firstPlaces(names: readonly string[], known: ColorOrder): number[] {
  const taken = new Set<number>();
  const kept = names.map((name) => {
    const place = known.get(name);
    if (place === undefined || taken.has(place)) return null;
    taken.add(place);
    return place;
  });
  let next = 0;
  return kept.map((place) => {
    if (place !== null) return place;
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  });
}

/** Exchange the colors of two categories where that is better; true if any was exchanged. */
function exchange(places: number[], isFree: readonly boolean[], cost: (at: number) => number) {
  let isBetter = false;
  for (let a = 0; a < places.length; a++) {
    for (let b = a + 1; b < places.length; b++) {
      const [one, other] = [places[a] ?? 0, places[b] ?? 0];
      const isAmongFirst = one < N_DISTINCT === other < N_DISTINCT;
      if (!isFree[a] || !isFree[b] || !isAmongFirst) continue;
      const before = cost(a) + cost(b);
      [places[a], places[b]] = [other, one];
      if (cost(a) + cost(b) < before - 1e-9) isBetter = true;
      else [places[a], places[b]] = [one, other];
    }
  }
  return isBetter;
}

/** Between places of the palette: large for colors that are hard to tell apart, in either theme. */
function likenesses(): number[][] {
  const places = Array.from({ length: N_COLORS }, (_, place) => place);
  const distance = (theme: ThemeName, a: number, b: number) =>
    colorDistance(categoryColor(theme, a), categoryColor(theme, b));
  return places.map((a) =>
    places.map((b) => {
      const least = Math.min(distance("light", a, b), distance("dark", a, b));
      return 1 / Math.max(least, 0.01) ** 2;
    }),
  );
}

/** 1 for two categories on one spot, hardly anything for those far from each other. */
function nearnessOf(places: readonly (readonly number[])[]): number[][] {
  const extent = Math.max(1e-12, ...places.map((place) => Math.hypot(...place)));
  return places.map((a) =>
    places.map((b) => {
      const away = Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)));
      return Math.exp(-((away / extent / NEAR) ** 2)) + 1e-3;
    }),
  );
}

/** The means of the categories, relative to the mean of them all. */
function centroids({ codes }: CodeValues, { values, dims }: Positions, n: number): number[][] {
  const sums = Array.from({ length: n }, () => new Array<number>(dims).fill(0));
  const counts = new Float64Array(n);
  const nPoints = Math.min(codes.length, Math.floor(values.length / dims));
  for (let index = 0; index < nPoints; index++) {
    const sum = sums[codes[index] as number];
    if (!sum || !Number.isFinite(values[index * dims] as number)) continue;
    (counts[codes[index] as number] as number)++;
    for (let axis = 0; axis < dims; axis++) {
      (sum[axis] as number) += values[index * dims + axis] as number;
    }
  }
  const means = sums.map((sum, at) => sum.map((value) => value / Math.max(1, counts[at] ?? 0)));
  const middle = Array.from(
    { length: dims },
    (_, axis) => means.reduce((sum, mean) => sum + (mean[axis] ?? 0), 0) / Math.max(1, n),
  );
  return means.map((mean) => mean.map((value, axis) => value - (middle[axis] ?? 0)));
}
