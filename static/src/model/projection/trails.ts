/** Where points of a step are at others of the series. */
import type { Dims } from "./projection";

/** The points that changed most from the step before, and where they were then. */
export interface StepTrails {
  readonly rows: Uint32Array;
  /** `dims` numbers a row, in the unit of the positions. */
  readonly from: Float32Array;
  readonly dims: Dims;
}

/** Where some points are at every step; NaN where a step lacks one. */
export interface PointPaths {
  readonly rows: ArrayLike<number>;
  /** The step that the rows are of. */
  readonly step: number;
  readonly nSteps: number;
  /** Step by step, each with `dims` numbers a row. */
  readonly places: Float32Array;
  readonly dims: Dims;
}
