/** How a method's parameters stand in its form, and what of them the picture must say. */

import { isMomentary } from "./live-parameters";
import { isShownInForm, type Method, type Parameter, type Params } from "./method";
import type { Dims } from "./projection";
import { isSupervision } from "./supervision";

/** Done to the vectors before any method; the server declares them for every one. */
const PREPROCESSING = new Set(["center", "standardize", "unit_norm", "pca_dims"]);

export function isPreprocessing({ name }: Parameter): boolean {
  return PREPROCESSING.has(name);
}

/** An end of an axis: a set of points. */
const AXIS_END = /^([xyz])_(from|to)$/;

export function isPointSet({ name, kind }: Parameter): boolean {
  return kind === "text" && AXIS_END.test(name);
}

export interface FormGroups {
  readonly basic: readonly Parameter[];
  readonly advanced: readonly Parameter[];
  readonly preprocessing: readonly Parameter[];
  /** How metadata takes part in the layout. */
  readonly labels: readonly Parameter[];
}

/** A flat picture has no third axis to be set. */
export function formGroups({ parameters }: Method, dims: Dims): FormGroups {
  const shown = parameters.filter(
    (each) =>
      isShownInForm(each) &&
      !isMomentary(each) &&
      !(dims === 2 && isPointSet(each) && each.name.startsWith("z")),
  );
  const own = shown.filter((each) => !isPreprocessing(each) && !isSupervision(each));
  return {
    basic: own.filter(({ advanced }) => !advanced),
    advanced: own.filter(({ advanced }) => advanced),
    preprocessing: shown.filter(isPreprocessing),
    labels: shown.filter(isSupervision),
  };
}

/** What was done to the vectors first, in words; empty where nothing was. */
export function preprocessingNotes(params: Params): string[] {
  const { center, standardize, unit_norm, pca_dims } = params;
  const notes: string[] = [];
  if (center === true) notes.push("centered");
  if (standardize === true) notes.push("standardized");
  if (unit_norm === true) notes.push("unit length");
  if (typeof pca_dims === "number") notes.push(`${pca_dims} PCA dimensions first`);
  return notes;
}
