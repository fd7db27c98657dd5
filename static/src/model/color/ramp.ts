/** Colors numbers along a ramp, by value, logarithm or rank. */

import type { Column } from "../data/dataset";
import { colorOfMissing } from "./category-color";
import type {
  ColorStyle,
  Numbers,
  RampChoice,
  RampKind,
  RampLegend,
  RampTransform,
} from "./color-style";
import { divergingColor, type Rgb, rampColor, type ThemeName, toPalette } from "./palette";

export const SEQUENTIAL: RampChoice = { transform: "linear", kind: "sequential" };
export const AUTOMATIC_RAMP: RampChoice = { transform: "linear", kind: "auto" };

interface Titled<T> {
  readonly value: T;
  readonly title: string;
}

export const RAMP_TRANSFORMS: readonly Titled<RampTransform>[] = [
  { value: "linear", title: "Linear" },
  { value: "log", title: "Logarithmic" },
  { value: "quantile", title: "Quantiles" },
];
export const RAMP_KINDS: readonly Titled<RampKind>[] = [
  { value: "auto", title: "Automatic" },
  { value: "sequential", title: "Sequential" },
  { value: "diverging", title: "Diverging" },
];

/** Steps of a ramp: finer than the eye can see. The slot of missing values follows them. */
const RAMP_STEPS = 256;
const LEGEND_STOPS = 24;
/** Ranks are taken from a sample of this size; a step of the ramp, a 256th, is far coarser. */
const QUANTILE_SAMPLE = 65_536;
/** Below this share of the largest magnitude, a signed logarithm becomes linear. */
const LINEAR_PART = 1e-3;

/** From a value to its place on the ramp, 0 to 1, and back. */
interface Scale {
  readonly shareOf: (value: number) => number;
  readonly valueAt: (share: number) => number;
}

export function rampSlots(values: Numbers, column: Column, choice: RampChoice): Uint16Array {
  const { shareOf } = scaleOf(values, column, choice);
  const slots = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      slots[index] = RAMP_STEPS;
      continue;
    }
    const step = Math.floor(shareOf(value) * RAMP_STEPS);
    slots[index] = step < 0 ? 0 : step < RAMP_STEPS ? step : RAMP_STEPS - 1;
  }
  return slots;
}

export function rampPalette(values: Numbers, column: Column, style: ColorStyle): Uint8Array {
  const colorAt = colorsOf(values, column, style);
  const colors = Array.from({ length: RAMP_STEPS }, (_, step) => colorAt(step / (RAMP_STEPS - 1)));
  return toPalette([...colors, colorOfMissing(style)]);
}

export function rampLegend(column: Column, values: Numbers, style: ColorStyle): RampLegend {
  const [minimum, maximum] = rangeOf(values, column);
  const { valueAt } = scaleOf(values, column, style.ramp);
  const colorAt = colorsOf(values, column, style);
  const isEven = style.ramp.transform === "linear" && !isDiverging(values, column, style.ramp);
  return {
    kind: "ramp",
    minimum: valueAt(0),
    middle: isEven || minimum === maximum ? null : valueAt(0.5),
    maximum: valueAt(1),
    stops: Array.from({ length: LEGEND_STOPS }, (_, at) => colorAt(at / (LEGEND_STOPS - 1))),
    nMissing: column.n_missing,
    missing: colorOfMissing(style),
  };
}

export function isDiverging(values: Numbers, column: Column, { kind }: RampChoice): boolean {
  if (kind !== "auto") return kind === "diverging";
  const [low, high] = rangeOf(values, column);
  return low < 0 && high > 0;
}

/** The ends of the ramp: the column's minimum and maximum where known, else of the finite values. */
export function rangeOf(values: Numbers, column: Column): readonly [number, number] {
  const { minimum, maximum } = column;
  if (minimum !== null && maximum !== null) return [minimum, maximum];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function colorsOf(values: Numbers, column: Column, { theme, ramp }: ColorStyle) {
  const color: (theme: ThemeName, share: number) => Rgb = isDiverging(values, column, ramp)
    ? divergingColor
    : rampColor;
  return (share: number) => color(theme, share);
}

function scaleOf(values: Numbers, column: Column, choice: RampChoice): Scale {
  const [low, high] = rangeOf(values, column);
  // A column with a single value has no span: its points get the middle color.
  if (!(high > low)) return { shareOf: () => 0.5, valueAt: () => low };
  if (choice.transform === "quantile") return quantiles(values, low, high);
  const isAroundZero = isDiverging(values, column, choice) && low < 0 && high > 0;
  const most = Math.max(-low, high);
  // Zero in the middle, and both sides at one scale: equal colors are equal sizes.
  const [from, to] = isAroundZero ? [-most, most] : [low, high];
  if (choice.transform === "log") return logarithmic(from, to);
  const span = to - from;
  return {
    shareOf: (value) => (value - from) / span,
    valueAt: (share) => from + span * share,
  };
}

/** The logarithm where all values are positive; otherwise linear near zero, logarithmic beyond. */
function logarithmic(from: number, to: number): Scale {
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

function quantiles(values: Numbers, low: number, high: number): Scale {
  const stride = Math.max(1, Math.floor(values.length / QUANTILE_SAMPLE));
  const sample = new Float64Array(Math.ceil(values.length / stride));
  let n = 0;
  for (let at = 0; at < values.length; at += stride) {
    const value = values[at] as number;
    if (!Number.isNaN(value)) sample[n++] = value;
  }
  const sorted = sample.subarray(0, n).sort();
  const valueAt = (share: number) => {
    if (share <= 0) return low;
    return share >= 1 ? high : (sorted[Math.floor(share * (n - 1))] ?? low);
  };
  const ends = Float64Array.from({ length: RAMP_STEPS + 1 }, (_, step) =>
    valueAt(step / RAMP_STEPS),
  );
  const firstAbove = upperBound(ends);
  return {
    valueAt,
    shareOf(value) {
      // Equal values share their middle rank, or a column of mostly zeros had no color of zero.
      const last = firstAbove(value);
      // Hardly any value is exactly an end: only then is the first one searched for.
      const first = ends[last - 1] === value ? firstNotBelow(ends, value) : last;
      return (first + Math.max(first, last - 1)) / 2 / RAMP_STEPS;
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
