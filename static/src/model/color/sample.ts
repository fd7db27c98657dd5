/** A sorted sample of the numbers of a column: its quantiles are those of the column, nearly. */
import type { Numbers } from "./color-style";

/** A step of a ramp, a 256th, is far coarser. */
const SIZE = 65_536;

/** The same numbers are asked for by colors, palette, legend and chart. */
const known = new WeakMap<Numbers, Float64Array>();

/** Ascending, without NaN. */
export function sampleOf(values: Numbers): Float64Array {
  const before = known.get(values);
  if (before) return before;
  const stride = Math.max(1, Math.floor(values.length / SIZE));
  const sample = new Float64Array(Math.ceil(values.length / stride));
  let n = 0;
  for (let at = 0; at < values.length; at += stride) {
    const value = values[at] as number;
    if (!Number.isNaN(value)) sample[n++] = value;
  }
  const sorted = sample.subarray(0, n).sort();
  known.set(values, sorted);
  return sorted;
}

/** The value below which this share of the sample lies; 0 of an empty one. */
export function quantileOf(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}
