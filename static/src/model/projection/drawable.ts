/** Which points have a place that can be drawn. */

/** Beyond this a difference of two float32 values would overflow on the GPU; such rows are not drawn. */
export const MAX_COORDINATE = 1e37;

/** False for NaN, too, which fails every comparison. */
export function isDrawable(values: Float32Array, offset: number, dims: number): boolean {
  for (let k = 0; k < dims; k++) {
    if (!(Math.abs(values[offset + k] as number) <= MAX_COORDINATE)) return false;
  }
  return true;
}
