/** Quality of projections, and how they were made. */
import type { NumberValues } from "../../model/color/color-style";
import type { Column } from "../../model/data/dataset";
import type { Figure } from "../../model/projection/quality";
import type { Request } from "../../model/view/view";

/** One score for every point, with the column that it is colored as. */
export interface FigureData {
  readonly column: Column;
  readonly numbers: NumberValues;
}

/** The request that a modified projection answers, and the key of the one it left. */
export interface Modified {
  readonly base: string;
  readonly request: Request;
}

export interface QualityState {
  /** Which projection has the very positions that are drawn, by `projectionKey`. */
  readonly twins: Readonly<Record<string, string>>;
  /** By projection. */
  readonly figures: Readonly<Record<string, Readonly<Partial<Record<Figure, FigureData>>>>>;
  /** Why a projection could not be measured. */
  readonly failures: Readonly<Record<string, string>>;
  /** By projection: the name of what it was aligned to. */
  readonly references: Readonly<Record<string, string>>;
  /** Projections that were changed while they ran. */
  readonly modified: Readonly<Record<string, Modified>>;
}

export const INITIAL_QUALITY: QualityState = {
  twins: {},
  figures: {},
  failures: {},
  references: {},
  modified: {},
};
