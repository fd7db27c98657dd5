/**
 * What a person has chosen to see: everything that a link or a bookmark must hold, and nothing
 * that can be asked for again.
 */
import type { CameraState, Lens, Turning } from "../camera/camera";
import type { ScaleChoice } from "../color/color";
import type { RampChoice, Swatches } from "../color/color-style";
import { AUTOMATIC_RAMP } from "../color/ramp";
import type { ColumnRef } from "../data/dataset";
import type { Place } from "../data/listing";
import { FIRST_METHOD, type Params } from "../projection/method";
import type { Metric } from "../projection/neighbors";
import type { Dims } from "../projection/projection";
import type { ColumnFilter } from "./filter";
import type { FocusStep } from "./isolation";

/** A picture that was asked for, apart from the dataset it is of. */
export interface Request {
  readonly method: string;
  /** Only what differs from the defaults. */
  readonly params: Params;
  readonly dims: Dims;
  /** The projection that was modified while it ran, where just that one is meant. */
  readonly modified?: string;
}

/** undefined: never chosen, so the dataset's own proposal; null: "none" was chosen. */
export type ColumnChoice = ColumnRef | null | undefined;

/** Each point by itself, how densely they lie, or what their number asks for. */
export type DrawAs = "auto" | "points" | "density";

/** CSS pixels. */
export const USUAL_SMOOTHING = 1;
export const MOST_SMOOTHING = 16;

export interface View {
  /** null until the log is known. */
  readonly place: Place | null;
  /** The method whose controls are open. */
  readonly method: string;
  /** What stands in each method's form, as differences from the defaults. */
  readonly drafts: Readonly<Record<string, Params>>;
  readonly dims: Dims;
  /** Which components of PCA are the axes. */
  readonly components: readonly number[];
  /** The picture that is wanted; it follows the person from step to step. */
  readonly request: Request;
  /** Whether the next step's layout starts from this one and is laid on it. */
  readonly keepOrientation: boolean;
  readonly color: ColumnChoice;
  readonly scale: ScaleChoice;
  readonly ramp: RampChoice;
  /** Colors that the person chose, by the column's name. */
  readonly swatches: Readonly<Record<string, Swatches>>;
  /** At most one a column; a point is kept when it passes all. */
  readonly filters: readonly ColumnFilter[];
  /** Whether what does not pass stays as a grey ghost. */
  readonly ghosts: boolean;
  /** Points that were isolated or hidden, step by step. */
  readonly focus: readonly FocusStep[];
  readonly label: ColumnChoice;
  /** Numbers that make points larger or smaller; null for none. */
  readonly sizeBy: ColumnRef | null;
  readonly opacityBy: ColumnRef | null;
  readonly categoryLabels: boolean;
  /** Names of single points, where few enough are in view. */
  readonly pointNames: boolean;
  readonly sprites: boolean;
  readonly drawAs: DrawAs;
  /** How far a density's kernel reaches: its standard deviation in CSS pixels. */
  readonly smoothing: number;
  readonly pointScale: number;
  readonly opacityScale: number;
  readonly k: number;
  readonly metric: Metric;
  readonly camera: CameraState | null;
  readonly turning: Turning;
  readonly lens: Lens;
  readonly fog: boolean;
  /** Whether points are joined as their `__next__` column says. */
  readonly lines: boolean;
}

export const INITIAL_VIEW: View = {
  place: null,
  method: FIRST_METHOD,
  drafts: {},
  dims: 2,
  components: [0, 1, 2],
  request: { method: FIRST_METHOD, params: {}, dims: 2 },
  keepOrientation: true,
  color: undefined,
  scale: "auto",
  ramp: AUTOMATIC_RAMP,
  swatches: {},
  filters: [],
  ghosts: true,
  focus: [],
  label: undefined,
  sizeBy: null,
  opacityBy: null,
  categoryLabels: true,
  pointNames: true,
  sprites: false,
  drawAs: "auto",
  smoothing: USUAL_SMOOTHING,
  pointScale: 1,
  opacityScale: 1,
  k: 10,
  metric: "cosine",
  camera: null,
  turning: "trackball",
  lens: "perspective",
  fog: true,
  lines: true,
};
