/** Scales positions of any range and offset into the ball of radius 1 that the camera sees. */
import type { Vec3 } from "../../model/camera/camera";
import { isDrawable } from "../../model/projection/drawable";
import type { SharedFrame } from "../../model/projection/series";
import type { Positions } from "./types";

/** Fitted = (position - center) * scale. */
export interface Fit {
  readonly center: readonly [number, number, number];
  readonly scale: number;
  /** Rows without NaN or infinity. */
  readonly nFinite: number;
}

export const IDENTITY_FIT: Fit = { center: [0, 0, 0], scale: 1, nFinite: 0 };

/** The middle of the bounding box, and the scale that brings the farthest point onto the ball. */
export function fitPositions({ values, dims }: Positions): Fit {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  let nFinite = 0;
  for (let i = 0; i + dims <= values.length; i += dims) {
    if (!isDrawable(values, i, dims)) continue;
    nFinite++;
    for (let k = 0; k < dims; k++) {
      const value = values[i + k] as number;
      if (value < (low[k] as number)) low[k] = value;
      if (value > (high[k] as number)) high[k] = value;
    }
  }
  if (nFinite === 0) return IDENTITY_FIT;
  // Rounded as the uniform will be, so that the CPU and the GPU subtract the same number.
  const middle = (k: number) =>
    k < dims ? Math.fround(((low[k] as number) + (high[k] as number)) / 2) : 0;
  const center = [middle(0), middle(1), middle(2)] as const;
  let farthest = 0;
  for (let i = 0; i + dims <= values.length; i += dims) {
    if (!isDrawable(values, i, dims)) continue;
    const x = (values[i] as number) - center[0];
    const y = (values[i + 1] as number) - center[1];
    const z = dims === 3 ? (values[i + 2] as number) - center[2] : 0;
    const square = x * x + y * y + z * z;
    if (square > farthest) farthest = square;
  }
  const scale = farthest > 0 ? Math.fround(1 / Math.sqrt(farthest)) : 1;
  return { center, scale: Number.isFinite(scale) && scale > 0 ? scale : 1, nFinite };
}

/** The fit of several pictures, so that a point at one place is drawn at one place in all of them. */
export function sharedFit({ center, radius }: SharedFrame, own: Fit): Fit {
  const middle = (k: number) => Math.fround(center[k] ?? 0);
  const scale = Math.fround(1 / radius);
  if (!Number.isFinite(scale) || scale <= 0) return own;
  return { center: [middle(0), middle(1), middle(2)], scale, nFinite: own.nFinite };
}

/** Middle of the bounding box of some points, and the distance of the farthest from it. */
export function surroundingBall(points: readonly Vec3[]): {
  readonly center: Vec3;
  readonly radius: number;
} {
  const middle = (k: 0 | 1 | 2) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      low = Math.min(low, point[k]);
      high = Math.max(high, point[k]);
    }
    return (low + high) / 2;
  };
  const center: Vec3 = [middle(0), middle(1), middle(2)];
  let radius = 0;
  for (const [x, y, z] of points) {
    radius = Math.max(radius, Math.hypot(x - center[0], y - center[1], z - center[2]));
  }
  return { center, radius };
}
