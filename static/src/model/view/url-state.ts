/** The view as an address: what stands after the # of the page's URL. */

import { AUTOMATIC_RAMP } from "../color/ramp";
import type { Place } from "../data/listing";
import { type ParameterValue, type Params, valueFromText, valueToText } from "../projection/method";
import { isMetric } from "../projection/neighbors";
import { rowsToText, textToRows } from "./row-text";
import { EMPTY_SELECTION, type Selection } from "./selection";
import {
  cameraToText,
  columnToText,
  filterToText,
  focusToText,
  swatchesToTexts,
  textsToSwatches,
  textToCamera,
  textToColumn,
  textToFilter,
  textToFocus,
  textToRamp,
} from "./url-parts";
import {
  type ColumnChoice,
  INITIAL_VIEW,
  MOST_SMOOTHING,
  USUAL_SMOOTHING,
  type View,
} from "./view";

/** A longer list of rows would make an address that mail programs cut; a bookmark has room. */
const MAX_ROW_TEXT = 1500;
const PARAMETER = "p.";
const NONE = "-";

export interface UrlState {
  readonly place: Partial<Place>;
  readonly view: Partial<Omit<View, "place">>;
  readonly selection: Selection;
  /** Whether it says what to compute; if not, the data decides. */
  readonly namesProjection: boolean;
}

/** Write only what is not as it would be anyway: short addresses are read, long ones are not. */
export function encodeUrl(view: View, selection: Selection, isWhole = false): string {
  const query = new URLSearchParams();
  if (view.place) {
    query.set("run", view.place.run);
    query.set("tensor", view.place.name);
    if (view.place.step !== null) query.set("step", String(view.place.step));
  }
  query.set("method", view.request.method);
  for (const [name, value] of Object.entries(view.request.params)) {
    query.set(PARAMETER + name, valueToText(value));
  }
  if (view.request.dims !== INITIAL_VIEW.dims) query.set("dims", String(view.request.dims));
  const axes = view.components.join(",");
  if (axes !== INITIAL_VIEW.components.join(",")) query.set("axes", axes);
  if (!view.keepOrientation) query.set("keep", "0");
  writeColors(query, view);
  for (const filter of view.filters) query.append("filter", filterToText(filter));
  if (!view.ghosts) query.set("ghosts", "0");
  startPlotAppearance(query, view);
  if (view.k !== INITIAL_VIEW.k) query.set("k", String(view.k));
  if (view.metric !== INITIAL_VIEW.metric) query.set("metric", view.metric);
  if (view.camera) query.set("camera", cameraToText(view.camera));
  const writeRows = (key: string, text: string) => {
    if (text !== "" && (isWhole || text.length <= MAX_ROW_TEXT)) query.set(key, text);
  };
  writeRows("focus", focusToText(view.focus));
  writeRows("selected", rowsToText(selection));
  return query.toString();
}

/** Read an address; what is missing or makes no sense is left out, never an error. */
export function decodeUrl(hash: string): UrlState {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const step = numberOf(query.get("step"));
  const method = query.get("method") ?? INITIAL_VIEW.method;
  const dims = query.get("dims") === "3" ? 3 : INITIAL_VIEW.dims;
  const params = decodeParams(query);
  const scale = query.get("scale");
  const draw = query.get("draw");
  const metric = query.get("metric") ?? "";
  const camera = textToCamera(query.get("camera") ?? "");
  const axes = integersOf(query.get("axes"));
  const filters = query.getAll("filter").map(textToFilter);
  return {
    place: {
      ...(query.has("run") && { run: query.get("run") ?? "" }),
      ...(query.has("tensor") && { name: query.get("tensor") ?? "" }),
      ...(step !== null && { step }),
    },
    view: {
      method,
      dims,
      drafts: { [method]: params },
      request: { method, params, dims },
      components: axes.length >= 2 ? axes : INITIAL_VIEW.components,
      keepOrientation: query.get("keep") !== "0",
      color: readColumn(query.get("color")),
      label: readColumn(query.get("label")),
      scale: scale === "numeric" || scale === "categorical" ? scale : "auto",
      ramp: textToRamp(query.get("ramp") ?? ""),
      swatches: textsToSwatches(query.getAll("swatch")),
      filters: filters.filter((each) => each !== null),
      ghosts: query.get("ghosts") !== "0",
      focus: textToFocus(query.get("focus") ?? ""),
      sizeBy: readColumn(query.get("sizeby")) ?? null,
      opacityBy: readColumn(query.get("opacityby")) ?? null,
      turning: query.get("turning") === "turntable" ? "turntable" : "trackball",
      lens: query.get("lens") === "parallel" ? "parallel" : "perspective",
      fog: query.get("fog") !== "0",
      lines: query.get("lines") !== "0",
      categoryLabels: query.get("names") !== "0",
      pointNames: query.get("points") !== "0",
      sprites: query.get("images") === "1",
      drawAs: draw === "density" || draw === "points" ? draw : "auto",
      smoothing: within(numberOf(query.get("smooth")), 0, MOST_SMOOTHING, USUAL_SMOOTHING),
      pointScale: within(numberOf(query.get("size")), 0.25, 4, 1),
      opacityScale: within(numberOf(query.get("opacity")), 0.05, 4, 1),
      k: Math.round(within(numberOf(query.get("k")), 1, 1000, INITIAL_VIEW.k)),
      metric: isMetric(metric) ? metric : INITIAL_VIEW.metric,
      ...(camera && camera.mode === `${dims}d` && { camera }),
    },
    namesProjection: query.has("method") || query.has("dims"),
    selection: query.has("selected") ? textToRows(query.get("selected") ?? "") : EMPTY_SELECTION,
  };
}

function writeColors(query: URLSearchParams, view: View): void {
  writeColumn(query, "color", view.color);
  writeColumn(query, "label", view.label);
  if (view.scale !== "auto") query.set("scale", view.scale);
  const { transform, kind } = view.ramp;
  if (transform !== AUTOMATIC_RAMP.transform || kind !== AUTOMATIC_RAMP.kind) {
    query.set("ramp", `${transform},${kind}`);
  }
  for (const text of swatchesToTexts(view.swatches)) query.append("swatch", text);
}

function startPlotAppearance(query: URLSearchParams, view: View): void {
  writeColumn(query, "sizeby", view.sizeBy ?? undefined);
  writeColumn(query, "opacityby", view.opacityBy ?? undefined);
  if (view.turning !== "trackball") query.set("turning", view.turning);
  if (view.lens !== "perspective") query.set("lens", view.lens);
  if (!view.fog) query.set("fog", "0");
  if (!view.lines) query.set("lines", "0");
  if (!view.categoryLabels) query.set("names", "0");
  if (!view.pointNames) query.set("points", "0");
  if (view.sprites) query.set("images", "1");
  if (view.drawAs !== "auto") query.set("draw", view.drawAs);
  if (view.smoothing !== USUAL_SMOOTHING) query.set("smooth", String(view.smoothing));
  if (view.pointScale !== 1) query.set("size", String(view.pointScale));
  if (view.opacityScale !== 1) query.set("opacity", String(view.opacityScale));
}

function decodeParams(query: URLSearchParams): Params {
  const params: Record<string, ParameterValue> = {};
  for (const [key, text] of query) {
    if (key.startsWith(PARAMETER)) params[key.slice(PARAMETER.length)] = valueFromText(text);
  }
  return params;
}

function writeColumn(query: URLSearchParams, key: string, choice: ColumnChoice): void {
  if (choice === undefined) return;
  query.set(key, choice === null ? NONE : columnToText(choice));
}

function readColumn(text: string | null): ColumnChoice {
  if (text === null) return undefined;
  return text === NONE ? null : textToColumn(text);
}

function numberOf(text: string | null): number | null {
  const value = Number(text);
  return text === null || text.trim() === "" || !Number.isFinite(value) ? null : value;
}

function integersOf(text: string | null): number[] {
  const pieces = (text ?? "").split(",").filter((each) => each !== "");
  return pieces.map(Number).filter((each) => Number.isInteger(each) && each >= 0);
}

function within(value: number | null, low: number, high: number, otherwise: number): number {
  return value === null ? otherwise : Math.min(high, Math.max(low, value));
}
