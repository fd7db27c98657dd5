/**
 * Interpolates between two sets of positions. The GPU mixes two buffers by one number; the same mix
 * is here for the few points that the CPU places (labels, hover) and for the start of a transition
 * that interrupts another one.
 */
import type { Vec3 } from "../../model/camera/camera";
import { isDrawable } from "../../model/projection/drawable";
import { type Fit, fitPositions, IDENTITY_FIT, sharedFit } from "./fit";
import type { Positions } from "./types";

/** Positions with their own fit: two projections of one dataset need not share a range. */
export interface Layer {
  readonly values: Float32Array;
  readonly dims: 2 | 3;
  readonly fit: Fit;
}

export interface Transition {
  /** Where the points come from; null at rest. */
  readonly from: Layer | null;
  readonly to: Layer;
  /** 0 at `from`, 1 at `to`, eased. */
  readonly progress: number;
}

export function layerOf(positions: Positions): Layer {
  const { values, dims, frame } = positions;
  const fit = fitPositions(positions);
  return { values, dims, fit: frame ? sharedFit(frame, fit) : fit };
}

export function nPointsOf(layer: Layer): number {
  return Math.floor(layer.values.length / layer.dims);
}

/** Point `index` as it is shown now, in fitted space; null if it is not drawn. */
export function pointAt({ from, to, progress }: Transition, index: number): Vec3 | null {
  const end = fitted(to, index);
  if (from === null || progress >= 1 || end === null) return end;
  const start = fitted(from, index);
  if (start === null) return end;
  const mix = (k: 0 | 1 | 2) => start[k] + (end[k] - start[k]) * progress;
  return [mix(0), mix(1), mix(2)];
}

/** All points as they are shown now, as a layer of its own: the start of the next transition. */
export function bake({ from, to, progress }: Transition): Layer {
  if (from === null || progress >= 1) return to;
  const n = nPointsOf(to);
  const values = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) {
    const end = i * to.dims;
    const start = i * from.dims;
    const isMoving = isDrawable(from.values, start, from.dims);
    const isKept = isDrawable(to.values, end, to.dims);
    for (let k = 0; k < 3; k++) {
      const b = k < to.dims ? coordinate(to, end, k) : 0;
      const a = !isMoving ? b : k < from.dims ? coordinate(from, start, k) : 0;
      values[i * 3 + k] = isKept ? a + (b - a) * progress : Number.NaN;
    }
  }
  return { values, dims: 3, fit: { ...IDENTITY_FIT, nFinite: to.fit.nFinite } };
}

/** Slow at both ends: for a single transition. */
export function easeInOut(t: number): number {
  return t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2;
}

function fitted(layer: Layer, index: number): Vec3 | null {
  const { values, dims } = layer;
  const offset = index * dims;
  if (offset < 0 || offset + dims > values.length || !isDrawable(values, offset, dims)) return null;
  return [
    coordinate(layer, offset, 0),
    coordinate(layer, offset, 1),
    dims === 3 ? coordinate(layer, offset, 2) : 0,
  ];
}

function coordinate({ values, fit }: Layer, offset: number, k: number): number {
  return ((values[offset + k] as number) - (fit.center[k] as number)) * fit.scale;
}
