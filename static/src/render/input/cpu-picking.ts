/**
 * Finds the points near a place of the screen on the CPU, by a grid of screen cells. Without a GPU,
 * drawing the ids of a million points at each movement of the pointer takes a quarter of a second;
 * drawing those of the few points near it takes no time.
 */
import type { View } from "../../model/camera/camera";
import { MAX_COORDINATE } from "../../model/projection/drawable";
import { inDrawOrder } from "../scene/draw-order";
import { classOf } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import type { Layer } from "../scene/transition";
import { fittedRow } from "./lasso";

/** CSS pixels across a cell. */
const CELL = 8;
/** CSS pixels around the canvas: a large point whose center is outside may still be visible. */
const MARGIN = 128;
/** Points that are added between two readings of the clock. */
const BATCH = 16_384;

/** Rows that may be visible at a place, each kind in draw order. */
export interface Candidates {
  readonly plain: Uint32Array;
  readonly neighbor: Uint32Array;
  readonly selected: Uint32Array;
}

export class ScreenGrid {
  /** What the grid holds, or is being filled with. */
  private content: { readonly layer: Layer; readonly view: View } | null = null;
  private nAdded = 0;
  private columns = 0;
  private rows = 0;
  /** The last point added to each cell, plus one; and for each point the one added before it. */
  private last = new Uint32Array(0);
  private before = new Uint32Array(0);

  /** Add points for at most so many milliseconds; true once the grid holds all of them. */
  fill(scene: Scene, view: View, milliseconds: number): boolean {
    const layer = scene.transition.to;
    const { content } = this;
    if (content?.layer !== layer || !isSameView(content.view, view)) this.begin(layer, view, scene);
    const end = performance.now() + milliseconds;
    const n = scene.nPoints;
    while (this.nAdded < n) {
      const until = Math.min(n, this.nAdded + BATCH);
      this.add(layer, view, this.nAdded, until);
      this.nAdded = until;
      if (performance.now() > end) break;
    }
    return this.nAdded >= n;
  }

  /** The points within `reach` CSS pixels of a place along both axes, and some a little farther. */
  around(scene: Scene, x: number, y: number, reach: number): Candidates {
    const found = { plain: [] as number[], neighbor: [] as number[], selected: [] as number[] };
    const lists = Array.from({ length: 256 }, (_, flag) => {
      const kind = classOf(flag);
      if (kind === "hidden" || kind === "ghost") return null;
      return found[kind === "below" ? "plain" : kind];
    });
    const { flags } = scene;
    const [left, right] = [this.column(x - reach), this.column(x + reach)];
    const [top, bottom] = [this.row(y - reach), this.row(y + reach)];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        let next = this.last[row * this.columns + column] as number;
        while (next > 0) {
          const index = next - 1;
          lists[flags[index] ?? 0]?.push(index);
          next = this.before[index] as number;
        }
      }
    }
    return {
      plain: inDrawOrder(Uint32Array.from(found.plain), scene.nPoints),
      neighbor: inDrawOrder(Uint32Array.from(found.neighbor), scene.nPoints),
      selected: inDrawOrder(Uint32Array.from(found.selected), scene.nPoints),
    };
  }

  private begin(layer: Layer, view: View, { nPoints }: Scene): void {
    const { width, height } = view.viewport;
    this.content = { layer, view };
    this.nAdded = 0;
    this.columns = Math.ceil((width + 2 * MARGIN) / CELL);
    this.rows = Math.ceil((height + 2 * MARGIN) / CELL);
    this.last = new Uint32Array(this.columns * this.rows);
    if (this.before.length !== nPoints) this.before = new Uint32Array(nPoints);
  }

  private add({ values, dims, fit }: Layer, view: View, from: number, to: number): void {
    const { last, before, columns } = this;
    const { width, height } = view.viewport;
    const [ax, ay, az, a1] = fittedRow(view, 0, fit);
    const [bx, by, bz, b1] = fittedRow(view, 1, fit);
    const [wx, wy, wz, w1] = fittedRow(view, 3, fit);
    for (let index = from, offset = from * dims; index < to; index++, offset += dims) {
      const x = values[offset] as number;
      const y = values[offset + 1] as number;
      const z = dims === 3 ? (values[offset + 2] as number) : 0;
      if (!(Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) <= MAX_COORDINATE)) continue;
      const w = wx * x + wy * y + wz * z + w1;
      if (!(w > 0)) continue;
      const screenX = (((ax * x + ay * y + az * z + a1) / w + 1) / 2) * width + MARGIN;
      const screenY = ((1 - (bx * x + by * y + bz * z + b1) / w) / 2) * height + MARGIN;
      if (!(screenX >= 0 && screenY >= 0)) continue;
      const column = Math.floor(screenX / CELL);
      const row = Math.floor(screenY / CELL);
      if (column >= columns || row >= this.rows) continue;
      const cell = row * columns + column;
      before[index] = last[cell] as number;
      last[cell] = index + 1;
    }
  }

  private column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x + MARGIN) / CELL)));
  }

  private row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y + MARGIN) / CELL)));
  }
}

function isSameView(a: View, b: View): boolean {
  return (
    a.viewport.width === b.viewport.width &&
    a.viewport.height === b.viewport.height &&
    a.matrix.every((each, at) => each === b.matrix[at])
  );
}
