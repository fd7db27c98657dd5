/** What changed between two datasets of the same points, as the server's comparison has it. */
import type { Column } from "./dataset";
import type { Work } from "./work";

export interface DriftSummary {
  readonly k: number;
  readonly metric: string;
  readonly n_compared: number;
  /** The mean share of neighbors that a point keeps, and the standard error of that mean. */
  readonly kept: number;
  readonly kept_error: number;
  /** The share that two unrelated sets of neighbors have in common. */
  readonly chance: number;
  /** The share of points that moved further than their neighborhood reaches. */
  readonly moved: number;
  readonly warnings: readonly string[];
}

export interface DriftResult {
  /** Whether row i of one is row i of the other, for all points. */
  readonly by_row: boolean;
  readonly n_shared: number;
  readonly n_groups: number;
  readonly summary: DriftSummary;
}

/** The answer to the question, whether it is done or not. */
export type DriftAnswer = Work<DriftResult> & { readonly datasets: readonly string[] };

type Distances = readonly (readonly [inA: number, inB: number])[];

/** The neighbors of one point in both datasets, nearest first; rows of the first. */
export interface DriftNeighbors {
  readonly kept: readonly number[];
  readonly lost: readonly number[];
  readonly gained: readonly number[];
  readonly kept_distances: Distances;
  readonly lost_distances: Distances;
  readonly gained_distances: Distances;
}

/** Points that moved alike, and a sentence about them; rows of the first dataset. */
export interface DriftGroup {
  readonly words: string;
  readonly rows: readonly number[];
}

/** Whether a column says what changed between two datasets. */
export function isDriftColumn({ compares = null }: Column): boolean {
  return compares !== null;
}

/** Kept neighbors, shift and state, as the server appends them. */
export function driftColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter(isDriftColumn);
}
