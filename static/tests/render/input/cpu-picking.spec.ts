import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, projectPoint, viewOf } from "../../../src/model/camera/camera";
import { ScreenGrid } from "../../../src/render/input/cpu-picking";
import { drawOrder } from "../../../src/render/scene/draw-order";
import { Scene } from "../../../src/render/scene/scene";
import { pointAt } from "../../../src/render/scene/transition";
import { FLAG } from "../../../src/render/scene/types";

const VIEWPORT = { width: 300, height: 200 };
const N = 40_000;
const FOREVER = 1e9;

function cloud(dims: 2 | 3): Scene {
  let state = 11;
  const next = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  const values = Float32Array.from({ length: N * dims }, () => next() * 8 - 2);
  values[7 * dims] = Number.NaN;
  const scene = new Scene();
  scene.setPositions({ values, dims }, 0, 0);
  const kinds = [0, 0, 0, 0, FLAG.hidden, FLAG.ghost, FLAG.selected, FLAG.neighbor];
  scene.setFlags(Uint8Array.from({ length: N }, () => kinds[Math.floor(next() * 8)] ?? 0));
  return scene;
}

describe.each([2, 3] as const)(
  "what stands near a place of the screen, in %i dimensions",
  (dims) => {
    const scene = cloud(dims);
    const view = viewOf({ ...(dims === 2 ? HOME_2D : HOME_3D), zoom: 1.7 }, VIEWPORT);
    const grid = new ScreenGrid();

    it("has every point that can be seen there, and none that cannot be pointed at", () => {
      expect(grid.fill(scene, view, FOREVER)).toBe(true);
      const far = 40;
      for (const [x, y] of [
        [150, 100],
        [2, 3],
        [299, 120],
      ] as const) {
        const found = grid.around(scene, x, y, 12);
        const all = new Set([...found.plain, ...found.neighbor, ...found.selected]);
        const wrong: number[] = [];
        for (let index = 0; index < N; index++) {
          const point = pointAt(scene.transition, index);
          const isAway = ((scene.flags[index] ?? 0) & (FLAG.hidden | FLAG.ghost)) !== 0;
          const place = point && projectPoint(view, point);
          const away = place ? Math.max(Math.abs(place.x - x), Math.abs(place.y - y)) : far + 1;
          const isFound = all.has(index);
          if (isFound && (isAway || away > far)) wrong.push(index);
          if (!isFound && !isAway && away <= 12) wrong.push(index);
        }
        expect(wrong).toEqual([]);
        if (x === 150) expect(all.size).toBeGreaterThan(10);
        for (const index of found.selected) expect(scene.flags[index]).toBe(FLAG.selected);
        for (const index of found.neighbor) expect(scene.flags[index]).toBe(FLAG.neighbor);
      }
    });

    it("keeps the order of drawing", () => {
      const rank = new Uint32Array(N);
      drawOrder(N).forEach((index, at) => {
        rank[index] = at;
      });
      const { plain } = grid.around(scene, 150, 100, 30);
      expect(plain.length).toBeGreaterThan(100);
      for (let at = 1; at < plain.length; at++) {
        expect(rank[plain[at] ?? 0]).toBeGreaterThan(rank[plain[at - 1] ?? 0] ?? 0);
      }
    });

    it("is filled little by little, and anew for another view", () => {
      const slow = new ScreenGrid();
      expect(slow.fill(scene, view, -1)).toBe(false);
      expect(slow.fill(scene, view, -1)).toBe(false);
      expect(slow.fill(scene, view, -1)).toBe(true);
      const other = viewOf(HOME_3D, VIEWPORT);
      expect(slow.fill(scene, other, -1)).toBe(false);
    });
  },
);
