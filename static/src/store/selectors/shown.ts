/** What is shown: its dataset, columns, selection, labels. */
import { type ColorScale, scaleOf } from "../../model/color/color";
import type { ThemeName } from "../../model/color/palette";
import { type Column, resolveColumn } from "../../model/data/dataset";
import { textAt } from "../../model/data/packed-text";
import { meanLength } from "../../model/data/some-texts";
import { isScoreColumn } from "../../model/projection/quality";
import type { Selection } from "../../model/view/selection";
import type { ColumnChoice } from "../../model/view/view";
import type { ColumnData, DatasetData, State } from "../state/state";
import { coloredScoreColumn } from "./quality";
import { requestedDataset } from "./request";

/** The dataset that is drawn; until something is, the one that will be. */
export function shownDataset(state: State): DatasetData | null {
  const { shown } = state.work;
  return shown ? (state.datasets[shown.dataset] ?? null) : requestedDataset(state);
}

/** What was chosen, where this dataset has such a column; another run may call it otherwise. */
function chosen(data: DatasetData, choice: ColumnChoice, proposal: number | null): Column | null {
  if (choice === null) return null;
  const found = choice ? resolveColumn(data.info, choice) : null;
  return found ?? data.info.columns[proposal ?? -1] ?? null;
}

export function colorColumn(state: State, data: DatasetData): Column | null {
  return coloredScoreColumn(state) ?? chosen(data, state.view.color, data.info.color_column);
}

export function labelColumn(state: State, data: DatasetData): Column | null {
  return chosen(data, state.view.label, data.info.label_column);
}

export function colorScale(state: State, column: Column): ColorScale {
  return isScoreColumn(column) ? "numeric" : scaleOf(column, state.view.scale);
}

export function themeName(state: State): ThemeName {
  return state.page.theme === "auto" ? state.page.systemTheme : state.page.theme;
}

export function selection(state: State): Selection {
  return state.attention.history.present;
}

/** The one selected point; null where there are several or none. */
export function selectedPoint(state: State): number | null {
  const rows = selection(state);
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

/** Stands for a name that is on its way. */
const AWAITED = "…";

/** A point's name: its label where there is one, its row where not, "…" until its label has come. */
export function pointLabel(state: State, index: number): string {
  const texts = labelTexts(state);
  if (isAwaitedIn(texts, index)) return AWAITED;
  const text = texts?.text ? textAt(texts.text, index) : texts?.someTexts?.get(index);
  return text || rowName(rowNumber(state, index));
}

/** Whether a point's name has to be fetched first: see the request "load-names". */
export function isNameAwaited(state: State, index: number): boolean {
  return isAwaitedIn(labelTexts(state), index);
}

function isAwaitedIn(texts: ColumnData | null, index: number): boolean {
  return Boolean(texts && !texts.text && texts.someTexts && !texts.someTexts.has(index));
}

/** What is known of the column that names the points. */
export function labelTexts(state: State): ColumnData | null {
  const data = shownDataset(state);
  const column = data && labelColumn(state, data);
  return (column && data?.columns[column.index]) ?? null;
}

/** More names than this in one view are noise, and not to be read. */
export const MAX_NAMED_POINTS = 400;

/**
 * Whether points are named. Where the names are the categories that the
 * colors and the category names show already, repeating them at every point adds nothing.
 */
export function namesPoints(state: State): boolean {
  const data = shownDataset(state);
  const column = data && labelColumn(state, data);
  if (!state.view.pointNames || !column || !hasTexts(labelTexts(state))) return false;
  const color = colorColumn(state, data);
  const isTold = state.view.categoryLabels && color?.index === column.index;
  return !(isTold && colorScale(state, color) === "categorical");
}

/** Letters of the usual name: longer ones fill the plot with sentences. */
const SHORT_NAME = 24;

/** Of those that are known; false while none is. */
export function hasShortNames(state: State): boolean {
  const texts = labelTexts(state);
  if (texts?.text) return texts.text.bytes.length <= SHORT_NAME * texts.text.length;
  const mean = texts?.someTexts ? meanLength(texts.someTexts) : null;
  return mean !== null && mean <= SHORT_NAME;
}

function hasTexts(texts: ColumnData | null): boolean {
  return Boolean(texts?.text ?? texts?.someTexts);
}

/** The row of a point in the whole dataset: that of a subset, too, is known by it. */
export function rowNumber(state: State, index: number): number {
  return shownDataset(state)?.ids?.[index] ?? index;
}

export function rowName(index: number): string {
  return `#${index}`;
}

/** So many points fill a 2D plot: single ones cannot be distinguished any more. */
const MANY_POINTS = 100_000;

/** What "auto" comes to: 3D is drawn as points, and so are images. */
export function drawnAs({ view, work, page }: State): "points" | "density" {
  if (!page.canDrawDensity || view.sprites) return "points";
  if (view.drawAs !== "auto") return view.drawAs;
  const positions = work.shown?.positions;
  if (positions?.dims !== 2) return "points";
  const isolated = view.isolation.filter(({ kind }) => kind === "isolate");
  const inSight = isolated.map(({ rows }) => rows.length);
  return Math.min(positions.values.length / 2, ...inSight) >= MANY_POINTS ? "density" : "points";
}
