/** One place and one scale for pictures whose positions have the same unit. */
import { isDrawable } from "./drawable";
import type { Positions } from "./projection";
import type { SharedFrame } from "./series";

/**
 * The middle of the box around all points of all pictures, and how far the farthest point of any of
 * them is from it; null where no point has a place. All have as many dimensions as the first.
 */
export function frameAround(pictures: readonly Positions[]): SharedFrame | null {
  const dims = pictures[0]?.dims ?? 2;
  const low = new Array<number>(dims).fill(Number.POSITIVE_INFINITY);
  const high = new Array<number>(dims).fill(Number.NEGATIVE_INFINITY);
  eachRow(pictures, (values, at) => {
    for (let k = 0; k < dims; k++) {
      low[k] = Math.min(low[k] as number, values[at + k] as number);
      high[k] = Math.max(high[k] as number, values[at + k] as number);
    }
  });
  const center = low.map((least, k) => (least + (high[k] as number)) / 2);
  if (!center.every(Number.isFinite)) return null;
  let farthest = 0;
  eachRow(pictures, (values, at) => {
    let square = 0;
    for (let k = 0; k < dims; k++)
      square += ((values[at + k] as number) - (center[k] as number)) ** 2;
    farthest = Math.max(farthest, square);
  });
  return farthest > 0 ? { center, radius: Math.sqrt(farthest) } : null;
}

/** Rows that are not drawn take no room. */
function eachRow(
  pictures: readonly Positions[],
  visit: (values: Float32Array, at: number) => void,
): void {
  for (const { values, dims } of pictures) {
    for (let at = 0; at + dims <= values.length; at += dims) {
      if (isDrawable(values, at, dims)) visit(values, at);
    }
  }
}
