/** Which points hardly move from one step of a series to the next. */
import type { Positions } from "./projection";

export interface StillPoints {
  /** Of each point how opaque it is, 0 to 255. */
  readonly opacities: Uint8Array;
  /** How many are faded. */
  readonly n: number;
}

/** In sizes of the picture: the root of the mean squared distance from its middle. */
export const STILL = 0.1;
const FADED = Math.round(0.3 * 255);

/** null where the two have no common frame, or not the same points. */
export function stillPoints(before: Positions, after: Positions): StillPoints | null {
  const { dims, values } = after;
  const isComparable = before.dims === dims && before.values.length === values.length;
  if (!isComparable || !after.frame || !before.frame) return null;
  const nPoints = values.length / dims;
  const least = STILL * sizeOf(after);
  const opacities = new Uint8Array(nPoints).fill(255);
  let n = 0;
  for (let row = 0; row < nPoints; row++) {
    let square = 0;
    for (let k = 0; k < dims; k++) {
      square += ((values[row * dims + k] ?? 0) - (before.values[row * dims + k] ?? 0)) ** 2;
    }
    if (!(Math.sqrt(square) < least)) continue;
    opacities[row] = FADED;
    n++;
  }
  return { opacities, n };
}

/** Points without a place are left out. */
function sizeOf({ values, dims }: Positions): number {
  let total = 0;
  for (let k = 0; k < dims; k++) {
    let [n, sum, squares] = [0, 0, 0];
    for (let at = k; at < values.length; at += dims) {
      const value = values[at] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      n++;
      sum += value;
      squares += value * value;
    }
    if (n > 0) total += squares / n - (sum / n) ** 2;
  }
  return Math.sqrt(Math.max(0, total));
}
