/** Labels that take part in a layout, and landmarks: what of them the picture must say. */
import { automaticScale } from "../color/color";
import type { Column } from "../data/dataset";
import { count } from "../text/format";
import type { Parameter, ParameterValue, Params } from "./method";

export const SUPERVISE_BY = "supervise_by";
export const SUPERVISE_WEIGHT = "supervise_weight";
export const IGNORED_LABEL = "ignored_label";
export const N_LANDMARKS = "n_landmarks";

/** A weight of 0 would let a column that was chosen do nothing. */
export const USUAL_WEIGHT = 0.5;

const SUPERVISION: ReadonlySet<string> = new Set([SUPERVISE_BY, SUPERVISE_WEIGHT, IGNORED_LABEL]);

export function isSupervision({ name }: Pick<Parameter, "name">): boolean {
  return SUPERVISION.has(name);
}

/** Columns that divide the points into groups; one with a value for each point divides nothing. */
export function groupingColumns(columns: readonly Column[], nPoints: number): readonly Column[] {
  return columns.filter(
    (column) =>
      column.name !== "" &&
      automaticScale(column) === "categorical" &&
      column.n_categories > 1 &&
      column.n_categories <= nPoints / 2,
  );
}

/** The settings that choosing a column changes with it. */
export function superviseBy(params: Params, column: string | null): Params {
  if (column === null) {
    return { [SUPERVISE_BY]: null, [SUPERVISE_WEIGHT]: 0, [IGNORED_LABEL]: null };
  }
  const weight = params[SUPERVISE_WEIGHT];
  return {
    [SUPERVISE_BY]: column,
    [SUPERVISE_WEIGHT]: typeof weight === "number" && weight > 0 ? weight : USUAL_WEIGHT,
    // A value of the old column means nothing in the new one.
    [IGNORED_LABEL]: params[SUPERVISE_BY] === column ? (params[IGNORED_LABEL] ?? null) : null,
  };
}

/** "by label, weight 0.5, ignoring 3"; empty where no labels take part. */
export function supervisionNote(params: Params): string {
  const { supervise_by, supervise_weight, ignored_label } = params;
  if (!isSet(supervise_by) || !supervise_weight) return "";
  const ignoring = isSet(ignored_label) ? `, ignoring ${ignored_label}` : "";
  return `by ${supervise_by}, weight ${supervise_weight}${ignoring}`;
}

/** For the status bar: what the picture was made with besides the vectors, and of what part. */
export function layoutNotes(params: Params): string[] {
  const labels = supervisionNote(params);
  const landmarks = params[N_LANDMARKS];
  return [
    ...(labels === "" ? [] : [`supervised ${labels}`]),
    ...(typeof landmarks === "number" ? [`${count(landmarks)} landmarks`] : []),
  ];
}

function isSet(value: ParameterValue | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
