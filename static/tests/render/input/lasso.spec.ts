import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, projectPoint, viewOf } from "../../../src/model/camera/camera";
import {
  isInsidePath,
  pointsInRegion,
  rasterize,
  regionTest,
} from "../../../src/render/input/lasso";
import { Scene } from "../../../src/render/scene/scene";
import { pointAt } from "../../../src/render/scene/transition";
import { FLAG } from "../../../src/render/scene/types";

const VIEWPORT = { width: 200, height: 150 };
const square = [20, 20, 120, 20, 120, 100, 20, 100];
/** A star that crosses itself: its middle is wound around twice. */
const star = [100, 10, 140, 130, 30, 55, 170, 55, 60, 130];

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

describe("isInsidePath", () => {
  it("knows a square", () => {
    expect(isInsidePath(square, 70, 60)).toBe(true);
    expect(isInsidePath(square, 10, 60)).toBe(false);
    expect(isInsidePath(square, 70, 110)).toBe(false);
  });

  it("holds what is wound around twice, in both directions", () => {
    expect(isInsidePath(star, 100, 70)).toBe(true);
    expect(isInsidePath([...pairs(star)].reverse().flat(), 100, 70)).toBe(true);
  });

  it("holds nothing in a path without area", () => {
    expect(isInsidePath([5, 5], 5, 5)).toBe(false);
    expect(isInsidePath([], 5, 5)).toBe(false);
  });
});

describe("the mask", () => {
  it("agrees with the exact test everywhere, on random lassos", () => {
    const next = random(3);
    for (let round = 0; round < 12; round++) {
      const path = Array.from({ length: 14 }, (_, i) =>
        i % 2 === 0 ? next() * 260 - 30 : next() * 210 - 30,
      );
      const contains = regionTest({ kind: "lasso", path }, VIEWPORT);
      for (let i = 0; i < 2000; i++) {
        const x = next() * VIEWPORT.width;
        const y = next() * VIEWPORT.height;
        expect(contains(x, y)).toBe(isInsidePath(path, x, y));
      }
    }
  });

  it("leaves few pixels to the slow test", () => {
    const { cells } = rasterize(star, VIEWPORT);
    expect(cells.filter((cell) => cell === 2).length).toBeLessThan(cells.length * 0.06);
  });
});

describe("regionTest", () => {
  it("stays within the picture", () => {
    const box = { kind: "box", left: -50, top: -50, right: 500, bottom: 500 } as const;
    const contains = regionTest(box, VIEWPORT);
    expect(contains(0, 0)).toBe(true);
    expect(contains(-1, 10)).toBe(false);
    expect(contains(10, 151)).toBe(false);
    expect(contains(Number.NaN, 10)).toBe(false);
  });
});

describe("pointsInRegion", () => {
  const all = { kind: "box", left: 0, top: 0, right: 200, bottom: 150 } as const;

  function cloud(dims: 2 | 3): Scene {
    const next = random(9);
    const scene = new Scene();
    const values = Float32Array.from({ length: 300 * dims }, () => next() * 40 + 7);
    scene.setPositions({ values, dims }, 0, 0);
    return scene;
  }

  it.each([2, 3] as const)("takes what projects inside, behind others too: %dD", (dims) => {
    const scene = cloud(dims);
    const view = viewOf(dims === 2 ? HOME_2D : HOME_3D, VIEWPORT);
    const expected: number[] = [];
    for (let i = 0; i < scene.nPoints; i++) {
      const point = pointAt(scene.transition, i);
      if (point === null) continue;
      const { x, y } = projectPoint(view, point);
      if (isInsidePath(star, x, y)) expected.push(i);
    }
    expect(expected.length).toBeGreaterThan(20);
    const found = pointsInRegion(scene, view, { kind: "lasso", path: star });
    expect([...found]).toEqual(expected);
  });

  it("leaves out what is hidden, a ghost or not drawn", () => {
    const scene = new Scene();
    scene.setPositions(
      { values: new Float32Array([0, 0, 1, 1, 0, 1, NaN, 0, 1, 0]), dims: 2 },
      0,
      0,
    );
    scene.setFlags(new Uint8Array([FLAG.hidden, FLAG.ghost, FLAG.selected, 0, FLAG.neighbor]));
    expect([...pointsInRegion(scene, viewOf(HOME_2D, VIEWPORT), all)]).toEqual([2, 4]);
    expect([...pointsInRegion(scene, viewOf(HOME_2D, VIEWPORT), all, { atMost: 1 })]).toEqual([2]);
    const even = { isWanted: (index: number) => index > 2, stride: 2 };
    expect([...pointsInRegion(scene, viewOf(HOME_2D, VIEWPORT), all, even)]).toEqual([4]);
  });

  it("takes points where they are seen during a transition", () => {
    const scene = new Scene();
    scene.setPositions({ values: new Float32Array([-1, 0, 1, 0]), dims: 2 }, 0, 0);
    scene.setPositions({ values: new Float32Array([1, 0, -1, 0]), dims: 2 }, 100, 0);
    const left = { kind: "box", left: 0, top: 0, right: 99, bottom: 150 } as const;
    const view = viewOf(HOME_2D, VIEWPORT);
    scene.advance(20);
    expect([...pointsInRegion(scene, view, left)]).toEqual([0]);
    scene.advance(80);
    expect([...pointsInRegion(scene, view, left)]).toEqual([1]);
  });

  it("takes nothing behind the eye", () => {
    const scene = cloud(3);
    const near = viewOf({ ...HOME_3D, zoom: 60 }, VIEWPORT);
    const found = pointsInRegion(scene, near, all);
    for (const i of found) {
      const point = pointAt(scene.transition, i);
      expect(point && projectPoint(near, point).depth).toBeGreaterThanOrEqual(0);
    }
  });
});

function pairs(path: readonly number[]): [number, number][] {
  return Array.from({ length: path.length / 2 }, (_, i) => [
    path[i * 2] as number,
    path[i * 2 + 1] as number,
  ]);
}
