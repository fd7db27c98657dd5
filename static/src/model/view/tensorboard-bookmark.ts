/**
 * Reads bookmarks of TensorBoard's projector: a JSON array of States. Old files lack many fields;
 * these get the values that TensorBoard gives them.
 */
import type { CameraState } from "../camera/camera";
import { fromMatrix, type Quaternion, type Vec3 } from "../camera/quaternion";
import type { ParameterValue, Params } from "../projection/method";
import { type Selection, selectionOf } from "./selection";
import { encodeUrl } from "./url-state";
import { INITIAL_VIEW, type View } from "./view";

/** How far TensorBoard's camera is away at first; ours shows the same at zoom 1. */
const HOME_DISTANCE = Math.hypot(0.45, 0.9, 1.6);

/** A State as a name and an address of this page. */
export interface OpenedState {
  readonly name: string;
  readonly address: string;
}

/** Each field may be of any type: the file comes from outside. */
interface TensorBoardState {
  readonly cameraDef?: unknown;
  readonly filteredPoints?: unknown;
  readonly forceCategoricalColoring?: unknown;
  readonly label?: unknown;
  readonly pcaComponentDimensions?: unknown;
  readonly selectedColorOptionName?: unknown;
  readonly selectedLabelOption?: unknown;
  readonly selectedPoints?: unknown;
  readonly selectedProjection?: unknown;
  readonly tSNEPerplexity?: unknown;
  readonly tSNEis3d?: unknown;
  readonly umapIs3d?: unknown;
  readonly umapMinDist?: unknown;
  readonly umapNeighbors?: unknown;
}

export function statesToBookmarks(states: readonly unknown[]): readonly OpenedState[] {
  const bookmarks = states.filter(isRecord).map((state, at) => stateToBookmark(state, at));
  if (bookmarks.length === 0) throw new Error("This file contains no bookmarks.");
  return bookmarks;
}

function stateToBookmark(state: TensorBoardState, at: number): OpenedState {
  const { method, params, dims, components } = projectionOf(state);
  const rows = rowsOf(state.filteredPoints);
  const view: View = {
    ...INITIAL_VIEW,
    method,
    dims,
    components,
    request: { method, params, dims },
    drafts: { [method]: params },
    color: columnOf(state.selectedColorOptionName),
    label: columnOf(state.selectedLabelOption),
    scale: state.forceCategoricalColoring === true ? "categorical" : "auto",
    isolation: rows.length > 0 ? [{ kind: "isolate", rows }] : [],
    camera: cameraOf(state.cameraDef, dims),
  };
  const label = typeof state.label === "string" ? state.label.trim() : "";
  return {
    name: label === "" ? `State ${at}` : label,
    address: encodeUrl(view, rowsOf(state.selectedPoints), true),
  };
}

interface SavedProjection {
  readonly method: string;
  readonly params: Params;
  readonly dims: 2 | 3;
  readonly components: readonly number[];
}

function projectionOf(state: TensorBoardState): SavedProjection {
  const initial = INITIAL_VIEW.components;
  switch (state.selectedProjection) {
    case "tsne":
      return {
        method: "tsne",
        params: withoutNull({ perplexity: positive(state.tSNEPerplexity) }),
        dims: state.tSNEis3d === false ? 2 : 3,
        components: initial,
      };
    case "umap":
      return {
        method: "umap",
        params: withoutNull({
          n_neighbors: positive(state.umapNeighbors),
          min_dist: positive(state.umapMinDist),
        }),
        dims: state.umapIs3d === false ? 2 : 3,
        components: initial,
      };
    default: {
      // The file does not contain custom axes in full, so PCA is shown in their place.
      const chosen = numbersOf(state.pcaComponentDimensions).filter(Number.isInteger);
      const rest = initial.filter((each) => !chosen.includes(each));
      return {
        method: "pca",
        params: {},
        dims: chosen.length === 2 ? 2 : 3,
        components: chosen.length >= 2 ? [...chosen, ...rest].slice(0, 3) : initial,
      };
    }
  }
}

function cameraOf(value: unknown, dims: 2 | 3): CameraState | null {
  if (!isRecord(value)) return null;
  const { position, target, zoom } = value;
  const [x, y, z] = numbersOf(position);
  const [tx = 0, ty = 0, tz = 0] = numbersOf(target);
  if (x === undefined || y === undefined || z === undefined) return null;
  if (dims === 2) {
    return {
      mode: "2d",
      target: [tx, ty, 0],
      rotation: [0, 0, 0, 1],
      zoom: positive(zoom) ?? 1,
    };
  }
  const back: Vec3 = [x - tx, y - ty, z - tz];
  const distance = Math.hypot(...back);
  if (!(distance > 0)) return null;
  return {
    mode: "3d",
    target: [tx, ty, tz],
    rotation: lookingAlong([back[0] / distance, back[1] / distance, back[2] / distance]),
    zoom: HOME_DISTANCE / distance,
  };
}

/** The rotation that brings the direction towards the camera onto the z axis, with y up. */
function lookingAlong(z: Vec3): Quaternion {
  // Seen straight from above, y is no "up": -z is.
  const up: Vec3 = Math.abs(z[1]) > 0.999 ? [0, 0, -1] : [0, 1, 0];
  const side: Vec3 = [
    up[1] * z[2] - up[2] * z[1],
    up[2] * z[0] - up[0] * z[2],
    up[0] * z[1] - up[1] * z[0],
  ];
  const length = Math.hypot(...side);
  const x: Vec3 = [side[0] / length, side[1] / length, side[2] / length];
  const y: Vec3 = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]];
  return fromMatrix(x, y, z);
}

function columnOf(value: unknown): View["color"] {
  if (typeof value !== "string" || value === "") return undefined;
  return value === "No color map" ? null : { index: 0, name: value };
}

function rowsOf(value: unknown): Selection {
  return selectionOf(numbersOf(value));
}

function numbersOf(value: unknown): number[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === "number" && Number.isFinite(each));
}

function positive(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}

/** A missing value was never set: the method's default applies. */
function withoutNull(params: Readonly<Record<string, ParameterValue>>): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
