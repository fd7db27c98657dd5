/** Bins a column for its chart: bins are found once, and counted again when a filter changes. */

import type { Column } from "../data/dataset";
import { isNumeric } from "./color";
import type { CodeValues, Numbers, NumberValues } from "./color-style";
import { N_COLORS } from "./palette";
import { automaticTransform } from "./ramp";
import { logarithmic, rangeOf, type Scale } from "./scales";

/** Each point's bar. */
export interface Bins {
  /** The bar of each point; `missing` where it has no value. */
  readonly of: Uint8Array;
  readonly nBars: number;
  /** The bar of missing values, separate from the others. */
  readonly missing: number;
  readonly hasMissing: boolean;
}

export interface NumberBins extends Bins {
  readonly kind: "numbers";
  /** nBars + 1 ascending ends; bar i holds [edges[i], edges[i + 1]), the last one its end, too. */
  readonly edges: Float64Array;
  /** Each bar is one integer, so its name is that number and not a range. */
  readonly isWhole: boolean;
  readonly isInteger: boolean;
  /** Whether equal widths are equal factors. */
  readonly isLog: boolean;
}

export interface CategoryBins extends Bins {
  readonly kind: "categories";
  readonly names: readonly string[];
  /** The bar of everything without a name of its own; null where everything has one. */
  readonly other: number | null;
  readonly nOther: number;
}

/** As many bars as can be distinguished in a side panel. */
const MAX_BARS = 40;
const MISSING = 255;

/**
 * Bars of equal width, each with equally many integers; on a logarithmic scale where that is what
 * spreads the values, as the colors have it.
 */
export function binNumbers(column: Column, { values }: NumberValues): NumberBins {
  const [low, high] = rangeOf(values, column);
  if (high > low && automaticTransform(values, column) === "log") {
    return binAlong(logarithmic(low, high), column, values);
  }
  const isInteger = column.is_integer === true;
  const span = high - low;
  const step = isInteger ? Math.max(1, Math.ceil((span + 1) / MAX_BARS)) : span / MAX_BARS;
  const nBars = isInteger ? Math.ceil((span + 1) / step) : span > 0 ? MAX_BARS : 1;
  const of = new Uint8Array(values.length);
  const perStep = step > 0 ? 1 / step : 0;
  let nMissing = 0;
  for (let index = 0; index < of.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      of[index] = MISSING;
      nMissing++;
      continue;
    }
    const bar = Math.floor((value - low) * perStep);
    of[index] = bar < 0 ? 0 : bar < nBars ? bar : nBars - 1;
  }
  const edges = Float64Array.from({ length: nBars + 1 }, (_, bar) => low + bar * step);
  if (!isInteger) edges[nBars] = high;
  return {
    kind: "numbers",
    of,
    nBars,
    missing: MISSING,
    hasMissing: nMissing > 0,
    edges,
    isWhole: isInteger && step === 1,
    isInteger,
    isLog: false,
  };
}

function binAlong({ shareOf, valueAt }: Scale, column: Column, values: Numbers): NumberBins {
  const of = new Uint8Array(values.length);
  let hasMissing = false;
  for (let index = 0; index < of.length; index++) {
    const value = values[index] as number;
    const bar = Math.floor(shareOf(value) * MAX_BARS);
    if (Number.isNaN(value)) hasMissing = true;
    of[index] = Number.isNaN(value) ? MISSING : Math.min(MAX_BARS - 1, Math.max(0, bar));
  }
  const edges = Float64Array.from({ length: MAX_BARS + 1 }, (_, bar) => valueAt(bar / MAX_BARS));
  const [low, high] = rangeOf(values, column);
  // As they are, not as the exponential of a logarithm.
  edges[0] = low;
  edges[MAX_BARS] = high;
  return {
    kind: "numbers",
    of,
    nBars: MAX_BARS,
    missing: MISSING,
    hasMissing,
    edges,
    isWhole: false,
    // A bar may hold no integer at all, so its ends are what they are.
    isInteger: false,
    isLog: true,
  };
}

/** The longest bar is cut only if the others become so many times as long by it. */
const WORTH_CUTTING = 3;
/** What is cut is still the longest by far. */
const CUT = 1.5;
/** More broken bars than these would say nothing any more. */
const MAX_CUT = 3;

/** The count that fills a chart; a few bars may be longer, and are cut. */
export function fullLength(counts: readonly number[]): number {
  const sorted = counts.filter((each) => each > 0).sort((a, b) => b - a);
  const [longest = 1] = sorted;
  // Two bars are compared with each other, whatever they are.
  const most = sorted.length < 3 ? 0 : Math.max(1, Math.min(MAX_CUT, sorted.length / 4));
  for (let nCut = 1; nCut <= most; nCut++) {
    const full = CUT * (sorted[nCut] ?? 0);
    if (longest >= WORTH_CUTTING * full) return full;
  }
  return longest;
}

/** A bar for each of the most frequent categories, by count, and one for the others. */
export function binCategories({ codes, categories }: CodeValues, nColors = N_COLORS): CategoryBins {
  const nNamed = Math.min(nColors, categories.names.length);
  const nOther = categories.n_categories - nNamed;
  const missing = codes instanceof Uint16Array ? 0xffff : 0xffffffff;
  const of = new Uint8Array(codes.length);
  let hasMissing = false;
  for (let index = 0; index < of.length; index++) {
    const code = codes[index] as number;
    if (code === missing) hasMissing = true;
    of[index] = code === missing ? MISSING : code < nNamed ? code : nNamed;
  }
  return {
    kind: "categories",
    of,
    nBars: nOther > 0 ? nNamed + 1 : nNamed,
    missing: MISSING,
    hasMissing,
    names: categories.names.slice(0, nNamed),
    other: nOther > 0 ? nNamed : null,
    nOther,
  };
}

/** Counts by bar (256 of them, missing last), of all points. */
export function countAll({ of }: Bins): Uint32Array {
  const counts = new Uint32Array(256);
  for (let index = 0; index < of.length; index++) {
    (counts[of[index] as number] as number)++;
  }
  return counts;
}

/**
 * Counts of the points that pass every filter except the chart's own (`own`), so that the chart
 * shows what its filter could still include.
 */
export function countPassing({ of }: Bins, failures: Uint8Array, own: Uint8Array | null) {
  const counts = new Uint32Array(256);
  for (let index = 0; index < of.length; index++) {
    const others = (failures[index] as number) - (own === null ? 0 : (own[index] as number));
    if (others === 0) (counts[of[index] as number] as number)++;
  }
  return counts;
}

export function countRows({ of }: Bins, rows: Uint32Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (const row of rows) if (row < of.length) (counts[of[row] as number] as number)++;
  return counts;
}

/** Whether a chart of a column is useful: not where almost every value is unique. */
export function isChartable(column: Column, nPoints: number): boolean {
  if (isNumeric(column)) return column.n_missing < nPoints;
  return column.n_categories > 0 && column.n_categories <= Math.max(50, nPoints / 4);
}
