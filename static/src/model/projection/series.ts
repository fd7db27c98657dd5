/** Several steps that are laid out together, as the server reports them. */

/** How far points move from one step to the next, in sizes of the series; null where undefined. */
export interface Motion {
  /** The median of the points that kept at least 80 % of their neighbors. */
  readonly false: number | null;
  readonly false95: number | null;
  /** The median of the points that kept at most 40 %. */
  readonly true: number | null;
  /** The probability that a point that changed moves further than one that stayed. */
  readonly auc: number | null;
  readonly n_stayed: number;
  readonly n_changed: number;
}

/** One place and one scale for all steps. */
export interface SharedFrame {
  /** In the unit of the positions, a number an axis. */
  readonly center: readonly number[];
  /** How far the farthest point of any step is from it. */
  readonly radius: number;
}

export interface SeriesResult extends Pick<Motion, "false" | "true" | "auc"> {
  /** From each step to the next; empty where it was not measured. */
  readonly motion: readonly Motion[];
  /** Whether motion tells what changed. */
  readonly is_truthful: boolean;
  /** A sentence on what motion in this series means. */
  readonly line: string;
  readonly frame: SharedFrame;
  /** The share of this step's variance that the axes show, where they are directions. */
  readonly share: number | null;
  readonly warnings: readonly string[];
}

/** The series that a projection is a step of. */
export interface SeriesStep {
  readonly id: string;
  /** Its place among them, from 0. */
  readonly step: number;
  /** The datasets of all steps, in their order. */
  readonly datasets: readonly string[];
  /** null until it is done. */
  readonly result: SeriesResult | null;
}
