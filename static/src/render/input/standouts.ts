/** The points that get a name where too many are in view: the most important one of each cell. */
import type { View } from "../../model/camera/camera";
import { projectPoint } from "../../model/camera/camera";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import { pointsInView } from "./lasso";

/** CSS pixels: as much room as a name needs, so that their number follows the size of the plot. */
const CELL_WIDTH = 118;
const CELL_HEIGHT = 64;
/** Of the most important points in view, so many are looked at: enough to fill every cell. */
const CANDIDATES = 4000;
/** So many rows, evenly over all, say how important those in view are. */
const SAMPLE = 65_536;

/**
 * Rows in view, the most important first, at most one a cell. `importance` is by row, larger is more;
 * without it the rows count in their order.
 */
export function standouts(
  scene: Scene,
  view: View,
  importance: ArrayLike<number> | null,
): Uint32Array {
  const { width, height } = view.viewport;
  const first = importance
    ? mostImportant(scene, view, importance)
    : pointsInView(scene, view, { atMost: CANDIDATES });
  const nColumns = Math.max(1, Math.floor(width / CELL_WIDTH));
  const nRows = Math.max(1, Math.floor(height / CELL_HEIGHT));
  const taken = new Uint8Array(nColumns * nRows);
  const found: number[] = [];
  for (const index of first) {
    const point = pointAt(scene.transition, index);
    if (point === null) continue;
    const { x, y } = projectPoint(view, point);
    const column = Math.min(nColumns - 1, Math.floor((x / width) * nColumns));
    const row = Math.min(nRows - 1, Math.floor((y / height) * nRows));
    const cell = row * nColumns + column;
    if (taken[cell]) continue;
    taken[cell] = 1;
    found.push(index);
    if (found.length === taken.length) break;
  }
  return Uint32Array.from(found);
}

/** Sorting a million takes a second: what a sample says is too unimportant is left out before. */
function mostImportant(scene: Scene, view: View, importance: ArrayLike<number>): Uint32Array {
  const of = (row: number) => {
    const value = importance[row] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  const stride = Math.max(1, Math.floor(scene.nPoints / SAMPLE));
  const sample = Float64Array.from(pointsInView(scene, view, { stride }), of).sort();
  const share = (2 * CANDIDATES) / (sample.length * stride);
  // Below a half, or nothing is gained; many may be as important as that: the first of them do.
  const least = share < 0.5 ? (sample[Math.floor(sample.length * (1 - share))] ?? null) : null;
  const few =
    least === null
      ? pointsInView(scene, view)
      : pointsInView(scene, view, { atMost: 4 * CANDIDATES, isWanted: (row) => of(row) >= least });
  return few.sort((a, b) => of(b) - of(a) || a - b).subarray(0, CANDIDATES);
}
