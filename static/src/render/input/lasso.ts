/**
 * Finds the points inside a box or a lasso, including those behind others. Every point is projected
 * on the CPU once; a lasso is first drawn into a mask, so that a point costs one look-up and only
 * those in pixels that the line crosses are tested against the whole path.
 */
import type { View, Viewport } from "../../model/camera/camera";
import { at } from "../../model/camera/matrix";
import { MAX_COORDINATE } from "../../model/projection/drawable";
import { flagsThat } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import { bake } from "../scene/transition";

/** CSS pixels. */
export type Region =
  | {
      readonly kind: "box";
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
  /** x, y, x, y, …; the last point joins the first. */
  | { readonly kind: "lasso"; readonly path: readonly number[] };

const OUTSIDE = 0;
const INSIDE = 1;
const CROSSED = 2;

/** One byte a pixel: outside, inside, or crossed by the line. */
export interface Mask {
  readonly cells: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Which of the points inside are looked for. */
interface Sought {
  /** The first so many. */
  readonly atMost?: number;
  /** Of so many rows the first one. */
  readonly stride?: number;
  /** No others; null: any. */
  readonly isWanted?: ((index: number) => boolean) | null;
}

/** Ascending indices of the plain, selected and neighbor points inside. */
export function pointsInRegion(
  scene: Scene,
  view: View,
  region: Region,
  { atMost = scene.nPoints, stride = 1, isWanted = null }: Sought = {},
): Uint32Array {
  const { values, dims, fit } = bake(scene.transition);
  const n = scene.nPoints;
  const halfWidth = view.viewport.width / 2;
  const halfHeight = view.viewport.height / 2;
  const isSelectable = flagsThat((kind) => kind !== "hidden" && kind !== "ghost");
  const { left, top, right, bottom } = boundsOf(region, view.viewport);
  const isInside = region.kind === "box" ? null : lassoTest(region.path, view.viewport);
  const rowOf = (row: number) => fittedRow(view, row, fit);
  const [xRow, yRow, wRow] = [rowOf(0), rowOf(1), rowOf(3)];
  // The four sides of the bounds are planes through the eye: what is inside is above zero for each.
  const [lx, ly, lz, l1] = mix(xRow, halfWidth, wRow, halfWidth - left);
  const [rx, ry, rz, r1] = mix(xRow, -halfWidth, wRow, right - halfWidth);
  const [tx, ty, tz, t1] = mix(yRow, -halfHeight, wRow, halfHeight - top);
  const [bx, by, bz, b1] = mix(yRow, halfHeight, wRow, bottom - halfHeight);
  const [cx, cy, cz, c1] = rowOf(2);
  const [wx, wy, wz, w1] = wRow;
  const { flags } = scene;
  const found = new Uint32Array(Math.min(Math.ceil(n / stride), atMost));
  let nFound = 0;
  for (let i = 0; i < n && nFound < found.length; i += stride) {
    if (isSelectable[flags[i] as number] === 0) continue;
    if (isWanted !== null && !isWanted(i)) continue;
    const offset = i * dims;
    const x = values[offset] as number;
    const y = values[offset + 1] as number;
    const z = dims === 3 ? (values[offset + 2] as number) : 0;
    // NaN passes no comparison. One plane after the other: most points fail at the first ones.
    if (!(lx * x + ly * y + lz * z + l1 >= 0 && rx * x + ry * y + rz * z + r1 >= 0)) continue;
    if (!(tx * x + ty * y + tz * z + t1 >= 0 && bx * x + by * y + bz * z + b1 >= 0)) continue;
    const w = wx * x + wy * y + wz * z + w1;
    if (!(w > 0 && Math.abs(cx * x + cy * y + cz * z + c1) <= w)) continue;
    // One out of range is not drawn either.
    if (!(Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= MAX_COORDINATE)) continue;
    if (isInside !== null) {
      const screenX = left + (lx * x + ly * y + lz * z + l1) / w;
      const screenY = top + (tx * x + ty * y + tz * z + t1) / w;
      if (!isInside(screenX, screenY)) continue;
    }
    found[nFound++] = i;
  }
  return found.slice(0, nFound);
}

/** The same of the whole picture. */
export function pointsInView(scene: Scene, view: View, sought: Sought = {}): Uint32Array {
  const { width, height } = view.viewport;
  const all = { kind: "box", left: 0, top: 0, right: width, bottom: height } as const;
  return pointsInRegion(scene, view, all, sought);
}

type Row = ReturnType<typeof fittedRow>;

/** A sum of two rows of the view's matrix. */
function mix(a: Row, times: number, b: Row, timesB: number): Row {
  const of = (at: 0 | 1 | 2 | 3) => a[at] * times + b[at] * timesB;
  return [of(0), of(1), of(2), of(3)];
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What holds a region, as far as it is in the viewport; outside of it nothing needs to be tested. */
function boundsOf(region: Region, { width, height }: Viewport): Bounds {
  let { left, top, right, bottom }: Bounds =
    region.kind === "box" ? region : { left: width, top: height, right: 0, bottom: 0 };
  if (region.kind === "lasso") {
    for (let i = 0; i + 1 < region.path.length; i += 2) {
      const x = region.path[i] as number;
      const y = region.path[i + 1] as number;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
}

/** Tests whether a place within the bounds of a lasso is inside it. */
function lassoTest(path: readonly number[], viewport: Viewport): (x: number, y: number) => boolean {
  const { cells, width, height } = rasterize(path, viewport);
  return (x, y) => {
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return false;
    const cell = cells[Math.floor(y) * width + Math.floor(x)];
    return cell === INSIDE || (cell === CROSSED && isInsidePath(path, x, y));
  };
}

/** Tests whether a place of the screen is in the region and in the viewport. */
export function regionTest(region: Region, viewport: Viewport): (x: number, y: number) => boolean {
  const { left, top, right, bottom } = boundsOf(region, viewport);
  const isInside = region.kind === "box" ? null : lassoTest(region.path, viewport);
  return (x, y) =>
    x >= left && x <= right && y >= top && y <= bottom && (isInside === null || isInside(x, y));
}

/** The smallest window of the viewport that holds a region; null where they do not overlap. */
export function windowOf(region: Region, viewport: Viewport) {
  const { left, top, right, bottom } = boundsOf(region, viewport);
  const x0 = Math.floor(left);
  const y0 = Math.floor(top);
  const x1 = Math.ceil(right);
  const y1 = Math.ceil(bottom);
  if (x1 <= x0 || y1 <= y0) return null;
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, width: x1 - x0, height: y1 - y0 };
}

/** Nonzero winding: where a lasso overlaps itself, it still holds the points. */
export function isInsidePath(path: readonly number[], x: number, y: number): boolean {
  let winding = 0;
  const n = path.length;
  for (let i = 0; i + 1 < n; i += 2) {
    const x0 = path[i] as number;
    const y0 = path[i + 1] as number;
    const x1 = path[(i + 2) % n] as number;
    const y1 = path[(i + 3) % n] as number;
    const side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0);
    if (y0 <= y && y1 > y && side > 0) winding++;
    else if (y0 > y && y1 <= y && side < 0) winding--;
  }
  return winding !== 0;
}

export function rasterize(path: readonly number[], viewport: Viewport): Mask {
  const width = Math.max(1, Math.ceil(viewport.width));
  const height = Math.max(1, Math.ceil(viewport.height));
  const cells = new Uint8Array(width * height);
  const n = path.length;
  for (let i = 0; i + 1 < n; i += 2) {
    const end = (i + 2) % n;
    markCrossed(
      { cells, width, height },
      path[i] as number,
      path[i + 1] as number,
      path[end] as number,
      path[end + 1] as number,
    );
  }
  for (let y = 0; y < height; y++) fillRow(cells.subarray(y * width, (y + 1) * width), path, y);
  return { cells, width, height };
}

/** Between two crossed pixels nothing changes: one exact test decides for all of them. */
function fillRow(row: Uint8Array, path: readonly number[], y: number): void {
  for (let x = 0; x < row.length; ) {
    if (row[x] === CROSSED) {
      x++;
      continue;
    }
    let end = row.indexOf(CROSSED, x);
    if (end < 0) end = row.length;
    row.fill(isInsidePath(path, x + 0.5, y + 0.5) ? INSIDE : OUTSIDE, x, end);
    x = end;
  }
}

/** Mark every pixel that a line touches: in each row of pixels, all between its two ends there. */
function markCrossed(mask: Mask, x0: number, y0: number, x1: number, y1: number): void {
  const { cells, width, height } = mask;
  const firstRow = Math.max(0, Math.floor(Math.min(y0, y1)));
  const lastRow = Math.min(height - 1, Math.floor(Math.max(y0, y1)));
  const slope = y1 === y0 ? 0 : (x1 - x0) / (y1 - y0);
  for (let row = firstRow; row <= lastRow; row++) {
    const atTop = y1 === y0 ? x0 : x0 + (clampBetween(row, y0, y1) - y0) * slope;
    const atBottom = y1 === y0 ? x1 : x0 + (clampBetween(row + 1, y0, y1) - y0) * slope;
    // A hair more on both sides: rounding must not leave a touched pixel unmarked.
    const left = Math.max(0, Math.floor(Math.min(atTop, atBottom) - 1e-6));
    const right = Math.min(width - 1, Math.floor(Math.max(atTop, atBottom) + 1e-6));
    if (left <= right) cells.fill(CROSSED, row * width + left, row * width + right + 1);
  }
}

function clampBetween(value: number, a: number, b: number): number {
  return Math.min(Math.max(a, b), Math.max(Math.min(a, b), value));
}

/** A row of the view's matrix with the fit folded in: it takes positions as they came. */
export function fittedRow(
  { matrix }: View,
  row: number,
  fit: { readonly center: readonly [number, number, number]; readonly scale: number },
): readonly [number, number, number, number] {
  const x = at(matrix, row, 0) * fit.scale;
  const y = at(matrix, row, 1) * fit.scale;
  const z = at(matrix, row, 2) * fit.scale;
  const [cx, cy, cz] = fit.center;
  return [x, y, z, at(matrix, row, 3) - x * cx - y * cy - z * cz];
}
