/** The values of each dimension by step: which dimensions are shown, and in which order. */
import { compact, count } from "../text/format";

/** Of every step and dimension, by steps. */
export interface Distributions {
  readonly nSteps: number;
  readonly nDims: number;
  /** NaN for dimensions that a step lacks. */
  readonly means: Float32Array;
  readonly deviations: Float32Array;
  /** Shares of the quantiles of the lengths, ascending. */
  readonly shares: readonly number[];
  /** n_steps × n_shares. */
  readonly lengths: Float32Array;
}

/** Steps beyond are left out, evenly. */
export const MOST_STEPS = 48;
/** Rows beyond are left out: those in the middle of the order. */
export const MOST_ROWS = 96;

/** A dimension is dead whose deviation is at most this share of the largest, as on the server. */
const DEAD = 1e-6;

export type DimensionFigure = "deviation" | "mean";
export type DimensionOrder = "deviation" | "number";

export interface DimensionRows {
  /** Of each row its dimension. */
  readonly dimensions: readonly number[];
  /** What was left out, and how rows are sorted. */
  readonly rule: string;
}

/**
 * The dimensions by their deviation at the last step, the smallest first, or by their number. Of
 * more than `most` the half with the smallest and the half with the largest deviation are shown:
 * those are the dead ones and those that rule.
 */
export function dimensionRows(
  found: Distributions,
  order: DimensionOrder,
  most = MOST_ROWS,
): DimensionRows {
  const { nSteps, nDims } = found;
  const last = nSteps - 1;
  const size = (dimension: number) => {
    const value = deviationAt(found, last, dimension);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const all = Array.from({ length: nDims }, (_, at) => at).sort((a, b) =>
    compare(size(a), size(b)),
  );
  const isCut = nDims > most;
  const half = Math.floor(most / 2);
  const chosen = isCut ? [...all.slice(0, most - half), ...all.slice(nDims - half)] : all;
  const sorted = order === "number" ? [...chosen].sort((a, b) => a - b) : chosen;
  const left = isCut
    ? `${count(most - half)} dimensions with the smallest and ${count(half)} with the largest deviation at the last step, of ${count(nDims)}.`
    : `All ${count(nDims)} dimensions.`;
  const by =
    order === "number" ? "Sorted by number." : "Smallest deviation at the last step first.";
  return { dimensions: sorted, rule: `${left} ${by}` };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function deviationAt(
  { nDims, deviations }: Distributions,
  step: number,
  dimension: number,
): number {
  return deviations[step * nDims + dimension] ?? Number.NaN;
}

export function figureAt(
  found: Distributions,
  figure: DimensionFigure,
  step: number,
  dimension: number,
): number {
  const values = figure === "mean" ? found.means : found.deviations;
  return values[step * found.nDims + dimension] ?? Number.NaN;
}

/** Whether all points have the same value in a dimension. */
export function isDead(found: Distributions, step: number, dimension: number): boolean {
  return deviationAt(found, step, dimension) <= DEAD * largestFigure(found, "deviation", step);
}

/** The largest number of a figure, whatever its sign: of all steps, or of one. */
export function largestFigure(
  found: Distributions,
  figure: DimensionFigure,
  step: number | null,
): number {
  const all = figure === "mean" ? found.means : found.deviations;
  const { nDims } = found;
  const values = step === null ? all : all.subarray(step * nDims, (step + 1) * nDims);
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  return largest;
}

/** The place of a value on the colors, 0 to 1: deviations from 0, means around it. */
export function figureShare(figure: DimensionFigure, value: number, largest: number): number {
  if (largest === 0) return figure === "mean" ? 0.5 : 0;
  return figure === "mean" ? 0.5 + value / (2 * largest) : value / largest;
}

/** "dimension 3, step 20: standard deviation 0, dead" */
export function dimensionText(
  found: Distributions,
  dimension: number,
  step: number,
  stepName: string,
): string {
  const deviation = figureAt(found, "deviation", step, dimension);
  const about = `dimension ${count(dimension)}, ${stepName}`;
  if (Number.isNaN(deviation)) return `${about}: not there`;
  const mean = figureAt(found, "mean", step, dimension);
  const dead = isDead(found, step, dimension) ? ", dead" : "";
  return `${about}: standard deviation ${compact(deviation, 3)}, mean ${compact(mean, 3)}${dead}`;
}

/** How many dimensions are dead at each step. */
export function nDead(found: Distributions): readonly number[] {
  return Array.from({ length: found.nSteps }, (_, step) => {
    const most = DEAD * largestFigure(found, "deviation", step);
    let n = 0;
    for (let dimension = 0; dimension < found.nDims; dimension++) {
      if (deviationAt(found, step, dimension) <= most) n++;
    }
    return n;
  });
}

/** The lengths of the vectors as a band of quantiles by step. */
export function lengthQuantiles({ nSteps, shares, lengths }: Distributions): number[][] {
  const n = shares.length;
  return Array.from({ length: nSteps }, (_, step) => [...lengths.slice(step * n, (step + 1) * n)]);
}
