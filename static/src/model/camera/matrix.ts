/** 4 x 4 matrices, column-major as WebGL wants them, in float64 until they are uploaded. */
import type { Quaternion, Vec3 } from "./quaternion";

export type Mat4 = Float64Array;

/** a * b: first `b`, then `a`. */
export function multiplyMatrices(a: Mat4, b: Mat4): Mat4 {
  const out = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += at(a, row, k) * at(b, k, column);
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

export function at(m: Mat4, row: number, column: number): number {
  return m[column * 4 + row] as number;
}

/** Looks down the negative z axis; `halfWidth` and `halfHeight` are measured at distance 1. */
export function perspective(
  halfWidth: number,
  halfHeight: number,
  near: number,
  far: number,
): Mat4 {
  const m = new Float64Array(16);
  m[0] = 1 / halfWidth;
  m[5] = 1 / halfHeight;
  m[10] = (far + near) / (near - far);
  m[11] = -1;
  m[14] = (2 * far * near) / (near - far);
  return m;
}

export function orthographic(
  halfWidth: number,
  halfHeight: number,
  near: number,
  far: number,
): Mat4 {
  const m = new Float64Array(16);
  m[0] = 1 / halfWidth;
  m[5] = 1 / halfHeight;
  m[10] = 2 / (near - far);
  m[14] = (far + near) / (near - far);
  m[15] = 1;
  return m;
}

/** Translation by (0, 0, -distance) after `rotation` after translation by -target: a view matrix. */
export function orbitMatrix(rotation: Quaternion, target: Vec3, distance: number): Mat4 {
  const [x, y, z, w] = rotation;
  const m = new Float64Array(16);
  m[0] = 1 - 2 * (y * y + z * z);
  m[1] = 2 * (x * y + z * w);
  m[2] = 2 * (x * z - y * w);
  m[4] = 2 * (x * y - z * w);
  m[5] = 1 - 2 * (x * x + z * z);
  m[6] = 2 * (y * z + x * w);
  m[8] = 2 * (x * z + y * w);
  m[9] = 2 * (y * z - x * w);
  m[10] = 1 - 2 * (x * x + y * y);
  const [tx, ty, tz] = target;
  m[12] = -(at(m, 0, 0) * tx + at(m, 0, 1) * ty + at(m, 0, 2) * tz);
  m[13] = -(at(m, 1, 0) * tx + at(m, 1, 1) * ty + at(m, 1, 2) * tz);
  m[14] = -(at(m, 2, 0) * tx + at(m, 2, 1) * ty + at(m, 2, 2) * tz) - distance;
  m[15] = 1;
  return m;
}

/**
 * Clip space in which a part of the viewport fills the whole of it. `centerX` and `centerY`
 * are normalized device coordinates; `scaleX` and `scaleY` say how much larger that part becomes.
 */
export function windowMatrix(
  matrix: Mat4,
  centerX: number,
  centerY: number,
  scaleX: number,
  scaleY: number,
): Mat4 {
  const out = Float64Array.from(matrix);
  for (let column = 0; column < 4; column++) {
    const w = at(matrix, 3, column);
    out[column * 4] = (at(matrix, 0, column) - centerX * w) * scaleX;
    out[column * 4 + 1] = (at(matrix, 1, column) - centerY * w) * scaleY;
  }
  return out;
}
