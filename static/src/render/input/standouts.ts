/** The points that get a name where too many are in view: the most important one of each cell. */
import type { View } from "../../model/camera/camera";
import { projectPoint } from "../../model/camera/camera";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import { pointsInRegion } from "./lasso";

/** CSS pixels: as much room as a name needs, so that their number follows the size of the plot. */
const CELL_WIDTH = 118;
const CELL_HEIGHT = 64;
/** Of the most important points in view, so many are looked at: enough to fill every cell. */
const CANDIDATES = 4000;
const SAMPLE = 4096;

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
  const all = { kind: "box", left: 0, top: 0, right: width, bottom: height } as const;
  const inView = pointsInRegion(scene, view, all);
  const first = importance ? mostImportant(inView, importance) : inView.subarray(0, CANDIDATES);
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

function mostImportant(rows: Uint32Array, importance: ArrayLike<number>): Uint32Array {
  const of = (row: number) => {
    const value = importance[row] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  const few = likelyFirst(rows, of);
  return few.sort((a, b) => of(b) - of(a) || a - b).subarray(0, CANDIDATES);
}

/** Sorting a million takes a second: what a sample says is too unimportant is left out before. */
function likelyFirst(rows: Uint32Array, of: (row: number) => number): Uint32Array {
  if (rows.length <= 4 * CANDIDATES) return rows;
  const stride = Math.floor(rows.length / SAMPLE);
  const sample = Float64Array.from({ length: SAMPLE }, (_, at) => of(rows[at * stride] ?? 0));
  const at = Math.floor(SAMPLE * (1 - (2 * CANDIDATES) / rows.length));
  const least = sample.sort()[at] ?? Number.NEGATIVE_INFINITY;
  // Many may be as important as that: the first of them do.
  let left = 4 * CANDIDATES;
  return rows.filter((row) => of(row) >= least && left-- > 0);
}
