/** From a value to its place between two ends, 0 to 1, and back: by value, logarithm or rank. */
import type { Column } from "../data/dataset";
import type { Numbers } from "./color-style";
import { sampleOf } from "./sample";

export interface Scale {
  readonly shareOf: (value: number) => number;
  readonly valueAt: (share: number) => number;
}

/** Steps between ranks; those of a ramp are as many. */
const RANK_STEPS = 256;
/** Below this share of the largest magnitude, a signed logarithm becomes linear. */
const LINEAR_PART = 1e-3;

export function linear(from: number, to: number): Scale {
  const span = to - from;
  return {
    shareOf: (value) => (value - from) / span,
    valueAt: (share) => from + span * share,
  };
}

/**
 * The ends of the ramp: the column's minimum and maximum where known, else of the finite values. A
 * column with fixed ends reaches at least from one to the other.
 */
export function rangeOf(values: Numbers, column: Column): readonly [number, number] {
  const { minimum, maximum, span } = column;
  if (span) return [Math.min(span[0], minimum ?? span[0]), Math.max(span[1], maximum ?? span[1])];
  if (minimum !== null && maximum !== null) return [minimum, maximum];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The logarithm where all values are positive; otherwise linear near zero, logarithmic beyond. */
export function logarithmic(from: number, to: number): Scale {
  if (from > 0) {
    const [a, b] = [Math.log(from), Math.log(to)];
    return {
      shareOf: (value) => (Math.log(value) - a) / (b - a),
      valueAt: (share) => Math.exp(a + (b - a) * share),
    };
  }
  const unit = Math.max(-from, to) * LINEAR_PART;
  const [a, b] = [Math.asinh(from / unit), Math.asinh(to / unit)];
  return {
    shareOf: (value) => (Math.asinh(value / unit) - a) / (b - a),
    valueAt: (share) => unit * Math.sinh(a + (b - a) * share),
  };
}

/** By rank among all values. */
export function quantiles(values: Numbers, low: number, high: number): Scale {
  const sorted = sampleOf(values);
  const n = sorted.length;
  const valueAt = (share: number) => {
    if (share <= 0) return low;
    return share >= 1 ? high : (sorted[Math.floor(share * (n - 1))] ?? low);
  };
  const ends = Float64Array.from({ length: RANK_STEPS + 1 }, (_, step) =>
    valueAt(step / RANK_STEPS),
  );
  const firstAbove = upperBound(ends);
  return {
    valueAt,
    shareOf(value) {
      // Equal values share their middle rank, or a column of mostly zeros had no color of zero.
      const last = firstAbove(value);
      // Hardly any value is exactly an end: only then is the first one searched for.
      const first = ends[last - 1] === value ? firstNotBelow(ends, value) : last;
      return (first + Math.max(first, last - 1)) / 2 / RANK_STEPS;
    },
  };
}

/**
 * Finds the first of ascending ends that is above a value. A million searches by halves take a tenth of
 * a second; the upper half of a float32's bits, which are in the order of the numbers, nearly says it.
 */
function upperBound(ends: Float64Array): (value: number) => number {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const bucketOf = (value: number): number => {
    // Plus zero, because of the two zeros.
    float[0] = value + 0;
    const raw = bits[0] as number;
    return (raw & 0x80000000 ? ~raw >>> 16 : (raw >>> 16) | 0x8000) & 0xffff;
  };
  // For each bucket, the number of ends in the buckets before it: none of these is above its values.
  const before = new Uint16Array(0x10000 + 1);
  for (const end of ends) (before[bucketOf(end) + 1] as number)++;
  for (let bucket = 0; bucket < 0x10000; bucket++) {
    (before[bucket + 1] as number) += before[bucket] as number;
  }
  return (value) => {
    const bucket = bucketOf(value);
    let low = before[bucket] as number;
    let high = before[bucket + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function firstNotBelow(ends: Float64Array, value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
