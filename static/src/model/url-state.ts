/** The view as an address: what stands after the # of the page's URL. */
import type { CameraState } from "./camera";
import type { ColumnRef } from "./dataset";
import type { Place } from "./listing";
import { type ParameterValue, type Params, valueFromText } from "./method";
import { isMetric } from "./neighbors";
import { type Selection, selectionOf } from "./selection";
import { type ColumnChoice, INITIAL_VIEW, type View } from "./view";

/** A longer selection would make an address that mail programs cut. */
const MAX_SELECTED = 50;
const PARAMETER = "p.";
const NONE = "-";

export interface UrlState {
  readonly place: Partial<Place>;
  readonly view: Partial<Omit<View, "place">>;
  readonly selection: Selection;
}

/** Write only what is not as it would be anyway: short addresses are read, long ones are not. */
export function encodeUrl(view: View, selection: Selection): string {
  const query = new URLSearchParams();
  if (view.place) {
    query.set("run", view.place.run);
    query.set("tensor", view.place.name);
    if (view.place.step !== null) query.set("step", String(view.place.step));
  }
  query.set("method", view.request.method);
  for (const [name, value] of Object.entries(view.request.params)) {
    query.set(PARAMETER + name, value === null ? "" : String(value));
  }
  if (view.request.dims !== INITIAL_VIEW.dims) query.set("dims", String(view.request.dims));
  const axes = view.components.join(",");
  if (axes !== INITIAL_VIEW.components.join(",")) query.set("axes", axes);
  writeColumn(query, "color", view.color);
  writeColumn(query, "label", view.label);
  if (view.scale !== "auto") query.set("scale", view.scale);
  if (view.isolated.length > 0) query.set("only", view.isolated.join(","));
  if (!view.categoryLabels) query.set("names", "0");
  if (view.sprites) query.set("images", "1");
  if (view.pointScale !== 1) query.set("size", String(view.pointScale));
  if (view.opacityScale !== 1) query.set("opacity", String(view.opacityScale));
  if (view.k !== INITIAL_VIEW.k) query.set("k", String(view.k));
  if (view.metric !== INITIAL_VIEW.metric) query.set("metric", view.metric);
  if (view.camera) query.set("camera", encodeCamera(view.camera));
  if (selection.length > 0 && selection.length <= MAX_SELECTED) {
    query.set("selected", selection.join(","));
  }
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
  const metric = query.get("metric") ?? "";
  const camera = decodeCamera(query.get("camera") ?? "");
  const axes = integersOf(query.get("axes"));
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
      color: readColumn(query.get("color")),
      label: readColumn(query.get("label")),
      scale: scale === "numeric" || scale === "categorical" ? scale : "auto",
      isolated: integersOf(query.get("only")),
      categoryLabels: query.get("names") !== "0",
      sprites: query.get("images") === "1",
      pointScale: within(numberOf(query.get("size")), 0.25, 4, 1),
      opacityScale: within(numberOf(query.get("opacity")), 0.05, 4, 1),
      k: Math.round(within(numberOf(query.get("k")), 1, 1000, INITIAL_VIEW.k)),
      metric: isMetric(metric) ? metric : INITIAL_VIEW.metric,
      ...(camera && camera.mode === `${dims}d` && { camera }),
    },
    selection: selectionOf(integersOf(query.get("selected")).slice(0, MAX_SELECTED)),
  };
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
  query.set(key, choice === null ? NONE : `${choice.index}.${choice.name}`);
}

function readColumn(text: string | null): ColumnChoice {
  if (text === null) return undefined;
  if (text === NONE) return null;
  const match = /^(\d+)\.(.*)$/s.exec(text);
  const ref: ColumnRef = { index: Number(match?.[1] ?? 0), name: match?.[2] ?? text };
  return ref;
}

function encodeCamera(camera: CameraState): string {
  const numbers = [...camera.target, ...camera.rotation, camera.zoom];
  return `${camera.mode},${numbers.map((each) => Number(each.toPrecision(4))).join(",")}`;
}

function decodeCamera(text: string): CameraState | null {
  const [mode, ...rest] = text.split(",");
  const [x, y, z, qx, qy, qz, qw, zoom] = rest.map(Number);
  if (mode !== "2d" && mode !== "3d") return null;
  if (x === undefined || y === undefined || z === undefined || zoom === undefined) return null;
  if (qx === undefined || qy === undefined || qz === undefined || qw === undefined) return null;
  if (!rest.every((each) => Number.isFinite(Number(each))) || zoom <= 0) return null;
  const length = Math.hypot(qx, qy, qz, qw);
  if (length < 0.5) return null;
  // Four digits in the address are enough to see, but not to stay a unit quaternion.
  const rotation = [qx / length, qy / length, qz / length, qw / length] as const;
  return { mode, target: [x, y, z], rotation, zoom };
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
