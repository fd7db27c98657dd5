/**
 * A view: everything that a link or a bookmark must hold about what is shown, and nothing that can
 * be computed again.
 */
import type { CameraState } from "../camera/camera";
import type { Place } from "../data/listing";
import { FIRST_METHOD, type Params } from "../projection/method";
import type { Dims } from "../projection/projection";
import { initialValues } from "./setting";
import { SETTINGS, type ViewSettings } from "./settings";

export type { ColumnChoice } from "./setting-kinds";

/** A projection that was asked for, apart from the dataset it is of. */
export interface Request {
  readonly method: string;
  /** Only what differs from the defaults. */
  readonly params: Params;
  readonly dims: Dims;
  /** The projection that was modified while it ran, where just that one is meant. */
  readonly modified?: string;
}

/** The settings (settings.ts), and what is none of them: the place, the projection, the camera. */
export interface View extends ViewSettings {
  /** null until the log directory is listed. */
  readonly place: Place | null;
  /** The method whose controls are open. */
  readonly method: string;
  /** The values in each method's form that differ from the defaults. */
  readonly drafts: Readonly<Record<string, Params>>;
  readonly dims: Dims;
  /** The projection that is asked for; it stays the same from step to step. */
  readonly request: Request;
  readonly camera: CameraState | null;
}

/** Views that a page may have: more are too small to see anything in. */
export const MOST_VIEWS = 12;

/** So many views stand in so many columns. */
const COLUMNS: readonly number[] = [1, 2, 3, 2, 3, 3, 4, 4, 4, 4, 4, 4];

export function columnsFor(nViews: number): number {
  return COLUMNS[nViews - 1] ?? 4;
}

export const INITIAL_VIEW: View = {
  ...initialValues(SETTINGS),
  place: null,
  method: FIRST_METHOD,
  drafts: {},
  dims: 2,
  request: { method: FIRST_METHOD, params: {}, dims: 2 },
  camera: null,
};
