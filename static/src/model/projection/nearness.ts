/** How near points are to their neighbors: duplicates and outliers, as the server lists them. */
import type { Work } from "../data/work";
import type { Metric } from "./neighbors";

export interface Nearness {
  readonly k: number;
  readonly metric: Metric;
  readonly n_points: number;
  /** Points whose nearest neighbor has the very same vector. */
  readonly n_identical: number;
  /** Of all points' mean distances to their neighbors. */
  readonly median: number | null;
  /** Row and mean distance to its neighbors, the farthest first. */
  readonly outliers: readonly (readonly [row: number, distance: number])[];
  /** Row, its nearest neighbor and their distance, the closest first. */
  readonly pairs: readonly (readonly [row: number, other: number, distance: number])[];
  readonly recall: number;
  readonly warnings: readonly string[];
}

/** The work on it, from the question to the answer. */
export type NearnessWork = Work<Nearness>;
