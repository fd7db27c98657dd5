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
import { linear, logarithmic, quantiles, rangeOf, type Scale } from "./scales";
import { clippedEnds, fittingTransform } from "./spread";

export const SEQUENTIAL: RampChoice = { transform: "linear", kind: "sequential" };
export const AUTOMATIC_RAMP: RampChoice = { transform: "auto", kind: "auto" };

interface Titled<T> {
  readonly value: T;
  readonly title: string;
}

export const RAMP_TRANSFORMS: readonly Titled<RampChoice["transform"]>[] = [
  { value: "auto", title: "Automatic" },
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
/** Bars of the histogram over the ramp. */
const N_BARS = 48;

/** How the numbers of a column become places on its ramp. */
export interface RampScale extends Scale {
  readonly transform: RampTransform;
  /** The whole column between 0 and 1, on the same kind of scale: the ramp's ends stand on it. */
  readonly whole: Scale;
  /** The values that have the first and the last color. */
  readonly ends: readonly [number, number];
  readonly isDiverging: boolean;
}

export function rampSlots(values: Numbers, column: Column, choice: RampChoice): Uint16Array {
  const { shareOf } = rampScale(values, column, choice);
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
  const colorAt = colorsOf(isDiverging(values, column, style.ramp), style.theme);
  const colors = Array.from({ length: RAMP_STEPS }, (_, step) => colorAt(step / (RAMP_STEPS - 1)));
  return toPalette([...colors, colorOfMissing(style)]);
}

export function rampLegend(column: Column, values: Numbers, style: ColorStyle): RampLegend {
  const scale = rampScale(values, column, style.ramp);
  const { ends, valueAt, whole, transform } = scale;
  const colorAt = colorsOf(scale.isDiverging, style.theme);
  const isEven = transform === "linear" && !scale.isDiverging;
  const counts = countedAlong(values, whole);
  const [low, high] = rangeOf(values, column);
  // A range is told more exactly than float32 holds its own ends.
  const [first, last] = [ends[0] > low ? ends[0] : -Infinity, ends[1] < high ? ends[1] : Infinity];
  let [nBelow, nAbove] = [0, 0];
  // By index: to iterate over ten million takes three times as long.
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (value < first) nBelow++;
    else if (value > last) nAbove++;
  }
  return {
    kind: "ramp",
    transform,
    isAutomatic: style.ramp.transform === "auto",
    minimum: valueAt(0),
    middle: isEven || ends[0] === ends[1] ? null : valueAt(0.5),
    maximum: valueAt(1),
    isOwnRange: ownRange(column, style.ramp) !== null,
    nBelow,
    nAbove,
    whole,
    counts,
    stops: Array.from({ length: LEGEND_STOPS }, (_, at) => colorAt(at / (LEGEND_STOPS - 1))),
    nMissing: column.n_missing,
    missing: colorOfMissing(style),
  };
}

/** How many values lie in each of some equal parts of a scale. */
function countedAlong(values: Numbers, { shareOf }: Scale): Uint32Array {
  const counts = new Uint32Array(N_BARS);
  for (let index = 0; index < values.length; index++) {
    const place = shareOf(values[index] as number) * N_BARS;
    // NaN is in no bar.
    if (place >= 0) (counts[place < N_BARS ? place | 0 : N_BARS - 1] as number)++;
    else if (place < 0) (counts[0] as number)++;
  }
  return counts;
}

export function isDiverging(values: Numbers, column: Column, { kind }: RampChoice): boolean {
  if (kind !== "auto") return kind === "diverging";
  const [low, high] = rangeOf(values, column);
  return low < 0 && high > 0;
}

function colorsOf(isTwoSided: boolean, theme: ThemeName): (share: number) => Rgb {
  const color = isTwoSided ? divergingColor : rampColor;
  return (share) => color(theme, share);
}

/** The transform that numbers have where none is chosen. Times and fixed scales are even. */
export function automaticTransform(values: Numbers, column: Column): RampTransform {
  const [low, high] = rangeOf(values, column);
  const isEven = column.kind === "time" || Boolean(column.span);
  return isEven ? "linear" : fittingTransform(values, low, high);
}

export function rampScale(values: Numbers, column: Column, choice: RampChoice): RampScale {
  const range = rangeOf(values, column);
  const isTwoSided = isDiverging(values, column, choice);
  const [low, high] = range;
  const transform =
    choice.transform === "auto" ? automaticTransform(values, column) : choice.transform;
  const kind = { transform, isDiverging: isTwoSided };
  // A column with a single value has no span: its points get the middle color.
  if (!(high > low)) {
    const even = { shareOf: () => 0.5, valueAt: () => low };
    return { ...kind, ...even, whole: even, ends: range };
  }
  const own = ownRange(column, choice);
  if (transform === "quantile") {
    const whole = quantiles(values, low, high);
    return own === null
      ? { ...kind, ...whole, whole, ends: range }
      : { ...kind, ...within(whole, own), whole, ends: own };
  }
  const between = transform === "log" ? logarithmic : linear;
  const whole = between(low, high);
  const [from, to] = own ?? column.span ?? clippedEnds(values, range, whole);
  const isAroundZero = isTwoSided && low < 0 && high > 0;
  const most = Math.max(-from, to);
  // Zero in the middle, and both sides at one scale: equal colors are equal sizes.
  const ends = isAroundZero ? ([-most, most] as const) : ([from, to] as const);
  return { ...kind, ...between(ends[0], ends[1]), whole, ends };
}

/** The part of a scale between two values, as a scale of its own. */
function within({ shareOf, valueAt }: Scale, [from, to]: readonly [number, number]): Scale {
  const [a, b] = [shareOf(from), shareOf(to)];
  const span = b > a ? b - a : 1;
  return {
    shareOf: (value) => (shareOf(value) - a) / span,
    valueAt: (share) => valueAt(a + share * span),
  };
}

/** The ends that a person gave the ramp, where they are meant for this column. */
function ownRange({ name }: Column, { range }: RampChoice): readonly [number, number] | null {
  return range && range.column === name && range.low < range.high ? [range.low, range.high] : null;
}
