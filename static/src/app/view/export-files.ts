/** Makes files of what is shown: images, a web page, tables, and the call in Python. */
import type { Api } from "../../api/api";
import { otherColor, parseColor, plainColor } from "../../model/color/palette";
import type { Column } from "../../model/data/dataset";
import { type Delimiter, tableToPieces } from "../../model/data/delimited";
import { type PackedText, textAt } from "../../model/data/packed-text";
import type { FigureChoice } from "../../model/view/figure";
import { mappedRow } from "../../model/view/matching";
import { POINT_FLAG } from "../../model/view/point-flags";
import type { Cloud } from "../../render/scene/types";
import { columnLoaded } from "../../store/actions/data";
import { notify } from "../../store/actions/page";
import type { Derived } from "../../store/derived/derived";
import type { ExportKind } from "../../store/requests";
import { shownPython } from "../../store/selectors/python";
import {
  colorColumn,
  labelColumn,
  pointLabel,
  selection,
  shownDataset,
  themeName,
} from "../../store/selectors/shown";
import { viewLetter } from "../../store/selectors/views";
import { rowsBetween } from "../../store/state/matches";
import type { DatasetData, Shown, State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { fileStem, saveFile } from "../browser/download";
import { figurePng, vectorFigure } from "./figure-export";
import type { WebPageInput } from "./html-export";
import { cloudTheme } from "./plot-theme";

export interface ExportSources {
  readonly store: Store;
  readonly api: Api;
  readonly derived: Derived;
  readonly cloud: Cloud;
  /** All views of the page, in their order. */
  readonly views: () => readonly { readonly store: Store; readonly derived: Derived }[];
}

/** Put the call in Python that gives these positions into the clipboard. */
export async function copyPython(store: Store): Promise<void> {
  const call = shownPython(store.state.peek());
  if (call === null) throw new Error("There is no projection to say in Python yet.");
  await navigator.clipboard.writeText(call);
  store.dispatch(notify("info", "The call in Python is in the clipboard."));
}

export async function makeFile(
  sources: ExportSources,
  what: ExportKind,
  figure: FigureChoice,
): Promise<void> {
  const { store, api, derived, cloud } = sources;
  const state = store.state.peek();
  const data = shownDataset(state);
  const { shown } = state.work;
  if (!data || !shown) throw new Error("There is no projection to export yet.");
  const name = fileName(data, shown);
  switch (what) {
    case "png":
      return saveFile(await figurePng(figureOf(store, derived, figure), cloud), `${name}.png`);
    case "svg":
      return saveFile(
        [await vectorFigure(figureOf(store, derived, figure), cloud)],
        `${name}.svg`,
        "image/svg+xml",
      );
    case "html":
      return saveFile([await webPage(sources)], `${name}.html`, "text/html");
    case "projection-tsv":
      await fetchLabels(sources, data);
      return saveFile(projection(store, data, shown, "tab"), `${name}.tsv`);
    case "projection-csv":
      await fetchLabels(sources, data);
      return saveFile(projection(store, data, shown, "comma"), `${name}.csv`, "text/csv");
    case "parquet":
    case "npz":
      return saveFile(
        [await api.projections.table(shown.projection, what, shown.components)],
        `${name}.${what}`,
        "application/octet-stream",
      );
    case "metadata":
      return saveFile(await metadata(store, api, data, null), `${stem(data)}-metadata.tsv`);
    case "selection":
      return saveFile(
        await metadata(store, api, data, selection(state)),
        `${stem(data)}-selection.tsv`,
      );
  }
}

function stem({ info }: DatasetData): string {
  const step = info.step === null ? "" : `-${info.step}`;
  return fileStem(`${info.run === "." ? "" : `${info.run}-`}${info.name}${step}`);
}

function fileName(data: DatasetData, { method, positions }: Shown): string {
  return `${stem(data)}-${method}-${positions.dims}d`;
}

/** Row, label and coordinates of every point; a point without a position has empty cells. */
function projection(store: Store, { info }: DatasetData, shown: Shown, delimiter: Delimiter) {
  const state = store.state.peek();
  const { values, dims } = shown.positions;
  const axes = ["x", "y", "z"].slice(0, dims);
  return tableToPieces(
    {
      names: ["row", "label", ...axes],
      rows: indices(info.n_points),
      cell: (row, column) => {
        if (column === 0) return String(row);
        if (column === 1) return pointLabel(state, row);
        const value = values[row * dims + column - 2] ?? Number.NaN;
        return Number.isNaN(value) ? "" : String(value);
      },
    },
    delimiter,
  );
}

/** The file's own texts. A selection has its row numbers in front; all rows need none. */
async function metadata(store: Store, api: Api, data: DatasetData, rows: Uint32Array | null) {
  const { info } = data;
  if (rows?.length === 0) throw new Error("Select some points first: the selection is empty.");
  if (info.columns.length === 0 && !rows)
    throw new Error("This dataset has no metadata to download.");
  const texts: PackedText[] = [];
  for (const column of info.columns) texts.push(await textOf(store, api, data, column));
  const names = info.columns.map(({ name }) => name);
  const first = rows ? 1 : 0;
  return tableToPieces(
    {
      names: rows ? ["row", ...names] : names,
      rows: rows ?? indices(info.n_points),
      cell: (row, column) => {
        if (column < first) return String(row);
        const text = texts[column - first];
        return text ? textAt(text, row) : "";
      },
    },
    "tab",
  );
}

/** All names of points, of which the page may have fetched only some. */
async function fetchLabels({ store, api }: ExportSources, data: DatasetData): Promise<void> {
  const column = labelColumn(store.state.peek(), data);
  if (column) await textOf(store, api, data, column);
}

async function textOf(store: Store, api: Api, { info }: DatasetData, column: Column) {
  const known = store.state.peek().datasets[info.id]?.columns[column.index]?.text;
  if (known) return known;
  const text = await api.columns.text(info, column);
  store.dispatch(columnLoaded(info.id, column.index, { text }));
  return text;
}

function indices(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, index) => index);
}

/** What the figure says besides the plot. */
function figureOf(store: Store, derived: Derived, choice: FigureChoice) {
  const state = store.state.peek();
  const data = shownDataset(state);
  const { background, text } = cloudTheme();
  const font = "system-ui, sans-serif";
  const legendTitle = (data && colorColumn(state, data)?.name) ?? "";
  return { ...choice, legend: derived.legend.peek(), legendTitle, background, text, font };
}

/** Values of these columns can be filtered by in the page that is saved. */
const MOST_VALUES = 60;

/** Columns of categories, clusters among them, in the rows of the page. */
async function filterColumns({ store, api }: ExportSources, { info }: DatasetData) {
  const found = [];
  for (const column of info.columns) {
    const isFew = column.n_categories >= 2 && column.n_categories <= MOST_VALUES;
    if (!isFew || column.is_identifier) continue;
    const known = store.state.peek().datasets[info.id]?.columns[column.index]?.codes;
    const codes = known?.codes ?? (await api.columns.codes(info, column));
    const names =
      known?.categories.names ?? (await api.columns.categories(info, column, MOST_VALUES)).names;
    found.push({ name: column.name, names, codes });
  }
  return found;
}

/** All views of the page, as they are seen. */
async function webPage(sources: ExportSources): Promise<string> {
  // The viewer that goes into the file is fetched when somebody wants one.
  const { webPageOf } = await import("./html-export");
  const views = [];
  const numbered: Numbered[] = [];
  for (const { store, derived } of sources.views()) {
    const own = { ...sources, store, derived };
    const data = shownDataset(store.state.peek());
    const { shown } = store.state.peek().work;
    if (!data || !shown) continue;
    await fetchLabels(own, data);
    const columns = await filterColumns(own, data);
    const points = numbersOf(store.state.peek(), data.info.n_points, numbered);
    views.push(webView(own, data, shown, columns, points));
  }
  return webPageOf(views, sources.store.state.peek().page.isCameraLinked);
}

/** The points of a view that was numbered before. */
interface Numbered {
  readonly space: string;
  readonly points: Uint32Array;
}

/** The same numbers for the same points: of a view before, where that has them. */
function numbersOf({ views, page, matches }: State, n: number, before: Numbered[]): Uint32Array {
  const used = before.reduce((sum, { points }) => sum + points.length, 0);
  const points = indices(n).map((row) => used + row);
  for (const { space, points: theirs } of [...before].reverse()) {
    const map = rowsBetween(page.matchBy, matches, views.space, space);
    if (!map) continue;
    for (let row = 0; row < n; row++) {
      const there = mappedRow(map, row);
      if (there !== null && there < theirs.length) points[row] = theirs[there] ?? used + row;
    }
  }
  before.push({ space: views.space, points });
  return points;
}

function webView(
  { store, derived }: Pick<ExportSources, "store" | "derived">,
  { info }: DatasetData,
  shown: Shown,
  columns: WebPageInput["columns"],
  points: Uint32Array,
): WebPageInput {
  const state = store.state.peek();
  const theme = cloudTheme();
  const flags = derived.flags.peek();
  const coloring = derived.coloring.peek() ?? {
    codes: new Uint16Array(info.n_points),
    palette: Uint8Array.from([...plainColor(themeName(state)), 255]),
  };
  const has = (flag: number) => (row: number) => ((flags[row] ?? 0) & flag) !== 0;
  const step = info.step === null ? "" : `, step ${info.step}`;
  const letter = state.views.order.length > 1 ? `${viewLetter(state)}: ` : "";
  return {
    title: `${letter}${info.run === "." ? "" : `${info.run} · `}${info.name}${step}`,
    subtitle: `${shown.method.toUpperCase()} ${shown.positions.dims}D`,
    background: parseColor(theme.background),
    text: parseColor(theme.text),
    positions: shown.positions,
    coloring,
    legend: derived.legend.peek(),
    columns,
    rows: indices(info.n_points).filter((row) => !has(POINT_FLAG.hidden)(row)),
    isGhost: has(POINT_FLAG.ghost),
    isHollow: has(POINT_FLAG.hollow),
    ghost: otherColor(themeName(state)),
    labelOf: (row) => pointLabel(state, row),
    points,
    selected: selection(state),
    size: Math.max(1.5, Math.min(12, 420 / Math.sqrt(info.n_points))),
    opacity: Math.max(0.15, Math.min(0.95, 220 / Math.sqrt(info.n_points))),
  };
}
