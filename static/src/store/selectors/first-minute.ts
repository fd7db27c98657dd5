/** What a person sees first, in words: the data, its colors, what to do next. */
import { knownCategories } from "../../model/data/dataset";
import type { Estimate } from "../../model/data/estimate";
import { compact, count, counted, duration } from "../../model/text/format";
import type { DatasetData } from "../state/data-state";
import type { State } from "../state/state";
import { crossedColumns } from "./checks";
import { methodNamed } from "./listing";
import { colorColumn, colorScale, pointLabel, shownDataset } from "./shown";

/** "reviews: 6,000 vectors of 64 numbers." and why they are colored as they are. */
export interface Introduction {
  readonly what: string;
  readonly why: string;
}

export function introduction(state: State): Introduction | null {
  const data = shownDataset(state);
  if (!data || !state.work.shown) return null;
  const { run, name, step, n_points, n_dims } = data.info;
  const place = [run === "." ? null : run, name].filter(Boolean).join(" · ");
  const at = step === null ? "" : ` at step ${count(step)}`;
  return {
    what: `${place}${at}: ${counted(n_points, "vector")} of ${counted(n_dims, "number")}.`,
    why: whyColored(state, data),
  };
}

function whyColored(state: State, data: DatasetData): string {
  const column = colorColumn(state, data);
  if (!column) {
    return data.info.columns.length === 0
      ? "There is no metadata to color by."
      : "No column has few enough values to color by.";
  }
  if (state.view.color) return `Colored by ${column.name}, as chosen.`;
  return colorScale(state, column) === "categorical"
    ? `Colored by ${column.name}: its ${counted(column.n_categories, "value")} can be told apart.`
    : `Colored by ${column.name}: the first column of numbers.`;
}

/** Below it the plot shows less than half of what there is. */
const LITTLE = 0.4;
/** What to use instead, the first that there is. */
const BETTER = ["umap", "tsne"];

export interface Suggestion {
  readonly method: string;
  readonly title: string;
  readonly text: string;
}

/** A method that shows more, where the components on the screen show little. */
export function suggestion(state: State): Suggestion | null {
  const { shown } = state.work;
  const data = shownDataset(state);
  if (!shown?.components || shown.isLive || !data || data.info.n_points < 10) return null;
  const ratios = state.work.projections[shown.projection]?.details.explained_variance_ratio;
  const method = BETTER.map((name) => methodNamed(state, name)).find((each) => each !== null);
  if (!ratios || !method) return null;
  const share = shown.components.reduce((sum, each) => sum + (ratios[each] ?? 0), 0);
  if (share >= LITTLE) return null;
  const measured = data.estimates?.[method.name];
  const some = `These ${shown.components.length} components show ${Math.round(100 * share)} % of the variance.`;
  return {
    method: method.name,
    title: method.title,
    text: `${some} ${method.title} keeps neighbors together${timeOf(measured)}.`,
  };
}

function timeOf(measured: Estimate | undefined): string {
  if (!measured) return "";
  const took = `measured here with ${counted(measured.n_points, "point")}`;
  const time = measured.seconds < 1 ? "under 1 s" : `about ${duration(measured.seconds)}`;
  return ` and takes ${time} (${took})`;
}

/** Something to try, made from this data. */
export type Example =
  | {
      readonly kind: "select";
      readonly text: string;
      readonly column: number;
      readonly rank: number;
    }
  | { readonly kind: "where"; readonly text: string; readonly where: string }
  | { readonly kind: "point"; readonly text: string; readonly row: number }
  | { readonly kind: "checks"; readonly text: string };

export function examples(state: State): readonly Example[] {
  const data = shownDataset(state);
  if (!data || !state.work.shown) return [];
  const made = [
    categoryExample(state, data),
    conditionExample(state, data),
    pointExample(state, data),
  ].filter((each) => each !== null);
  const checks: Example = { kind: "checks", text: "Look for duplicates and outliers" };
  return made.length < N_EXAMPLES ? [...made, checks] : made;
}

/** A value of the colors, neither the largest nor a rare one: its summary says something. */
function categoryExample(state: State, data: DatasetData): Example | null {
  const column = colorColumn(state, data);
  const codes = column && data.columns[column.index]?.codes;
  if (!column || !codes || colorScale(state, column) !== "categorical") return null;
  const known = knownCategories(codes.categories).filter(({ name }) => name !== "");
  const value = known[Math.min(1, known.length - 1)];
  if (!value || value.count < 2) return null;
  const text = `Select the ${count(value.count)} points with ${column.name} ${value.name}`;
  return { kind: "select", text, column: column.index, rank: value.rank };
}

const N_EXAMPLES = 3;
/** Of a name in a sentence. */
const MOST_LETTERS = 28;

const named = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);

/** Where label and prediction differ; else the upper half of a column of numbers. */
function conditionExample(state: State, data: DatasetData): Example | null {
  const crossed = crossedColumns(state);
  if (crossed && /pred|guess|assigned/i.test(crossed.columns.name)) {
    const where = `${named(crossed.rows.name)} != ${named(crossed.columns.name)}`;
    return { kind: "where", text: `Show only where ${where}`, where };
  }
  const numeric = data.info.columns.find(
    ({ kind, is_identifier, minimum, maximum }) =>
      kind === "numeric" &&
      !is_identifier &&
      minimum !== null &&
      maximum !== null &&
      maximum > minimum,
  );
  if (!numeric) {
    return { kind: "where", text: "Show only vectors longer than 1 (norm > 1)", where: "norm > 1" };
  }
  const middle = ((numeric.minimum ?? 0) + (numeric.maximum ?? 0)) / 2;
  const rounded = Number(middle.toPrecision(3));
  const where = `${named(numeric.name)} > ${rounded}`;
  return {
    kind: "where",
    text: `Show only ${numeric.name} above ${rounded >= 1000 ? count(rounded) : compact(rounded)}`,
    where,
  };
}

/** A point with a name, and its neighbors. */
function pointExample(state: State, data: DatasetData): Example {
  const row = Math.floor(data.info.n_points / 3);
  const label = pointLabel(state, row);
  const name = label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS)}…` : label;
  return { kind: "point", text: `See the nearest neighbors of “${name}”`, row };
}
