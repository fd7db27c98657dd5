/** A brush over the bars of a histogram, and the range of numbers that it selects. */
import type { NumberBins } from "./histogram";

/** Bars from `first` to `last`, both taken. */
export interface Brush {
  readonly first: number;
  readonly last: number;
}

/** What is being dragged, and the bar where the drag began. */
export interface Grip {
  readonly kind: "new" | "move" | "first" | "last";
  readonly start: number;
  readonly brush: Brush | null;
}

export function rangeOfBrush(
  bins: NumberBins,
  { first, last }: Brush,
): [low: number, high: number] {
  const low = bins.edges[first] ?? 0;
  const high = bins.edges[last + 1] ?? low;
  // The next bar's first whole number is not in this one.
  return [low, bins.isInteger ? Math.max(low, Math.ceil(high) - 1) : high];
}

/** The bars that a range touches; null where it touches none of them. */
export function brushOfRange(
  bins: NumberBins,
  [low, high]: readonly [number, number],
): Brush | null {
  const { edges, nBars, isInteger } = bins;
  const from = (bar: number) => edges[bar] ?? 0;
  if (high < from(0) || low > from(nBars)) return null;
  let first = 0;
  while (first < nBars - 1 && from(first + 1) <= low) first++;
  let last = nBars - 1;
  // A bar ends before its upper edge, so a range that ends on an edge does not touch the next.
  while (last > first && (isInteger ? from(last) > high : from(last) >= high)) last--;
  return { first, last };
}

/** The brush when it has been dragged to the bar `at`. */
export function draggedBrush({ kind, start, brush }: Grip, at: number, nBars: number): Brush {
  if (kind === "move" && brush) {
    const width = brush.last - brush.first;
    const first = Math.min(nBars - 1 - width, Math.max(0, brush.first + at - start));
    return { first, last: first + width };
  }
  const other = (kind === "first" ? brush?.last : kind === "last" ? brush?.first : start) ?? start;
  return { first: Math.min(other, at), last: Math.max(other, at) };
}
