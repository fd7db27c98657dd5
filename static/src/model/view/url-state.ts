/** Writes a view as the part of the page's address after the #, and reads it. */

import type { Place } from "../data/listing";
import { type ParameterValue, type Params, valueFromText, valueToText } from "../projection/method";
import { rowsToText, textToRows } from "./row-text";
import { EMPTY_SELECTION, type Selection } from "./selection";
import { readSettings, writeSettings } from "./setting";
import { SETTINGS } from "./settings";
import { cameraToText, textToCamera } from "./url-parts";
import { INITIAL_VIEW, type View } from "./view";

/** With a longer list of rows, mail programs would cut the address; a bookmark has room. */
const MAX_ROW_TEXT = 1500;
const PARAMETER = "p.";

export interface UrlState {
  readonly place: Partial<Place>;
  readonly view: Partial<Omit<View, "place">>;
  readonly selection: Selection;
  /** Whether it says what to compute; if not, that depends on the dataset. */
  readonly namesProjection: boolean;
}

/** Write only what differs from the initial view; `isWhole` includes lists of any length. */
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
  const write = (key: string, texts: readonly string[], isLong: boolean) => {
    if (isLong && !isWhole && texts.join("").length > MAX_ROW_TEXT) return;
    for (const text of texts) query.append(key, text);
  };
  writeSettings(SETTINGS, view, write);
  if (view.camera) query.set("camera", cameraToText(view.camera));
  const selected = rowsToText(selection, isWhole ? Number.POSITIVE_INFINITY : MAX_ROW_TEXT);
  if (selected) query.append("selected", selected);
  return query.toString();
}

/** Read an address; what is missing or malformed gets its initial value, and is never an error. */
export function decodeUrl(hash: string): UrlState {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const step = stepOf(query.get("step"));
  const method = query.get("method") ?? INITIAL_VIEW.method;
  const dims = query.get("dims") === "3" ? 3 : INITIAL_VIEW.dims;
  const params = decodeParams(query);
  const camera = textToCamera(query.get("camera") ?? "");
  return {
    place: {
      ...(query.has("run") && { run: query.get("run") ?? "" }),
      ...(query.has("tensor") && { name: query.get("tensor") ?? "" }),
      ...(step !== null && { step }),
    },
    view: {
      ...readSettings(SETTINGS, (key) => query.getAll(key)),
      method,
      dims,
      drafts: { [method]: params },
      request: { method, params, dims },
      ...(camera && camera.mode === `${dims}d` && { camera }),
    },
    namesProjection: query.has("method") || query.has("dims"),
    selection: query.has("selected") ? textToRows(query.get("selected") ?? "") : EMPTY_SELECTION,
  };
}

function decodeParams(query: URLSearchParams): Params {
  const params: Record<string, ParameterValue> = {};
  for (const [key, text] of query) {
    if (key.startsWith(PARAMETER)) params[key.slice(PARAMETER.length)] = valueFromText(text);
  }
  return params;
}

function stepOf(text: string | null): number | null {
  const value = Number(text);
  return text === null || text.trim() === "" || !Number.isFinite(value) ? null : value;
}
