import { describe, expect, it } from "vitest";
import { HOME_3D, turntable } from "../../../src/model/camera/camera";
import { rotate } from "../../../src/model/camera/quaternion";
import { selectionOf } from "../../../src/model/view/selection";
import { sequencesOf } from "../../../src/model/view/sequences";
import { Budget, isCostly } from "../../../src/render/loop/frame-budget";

describe("the budget of a picture", () => {
  const MILLION = 1_000_000;

  function pass(budget: Budget, milliseconds: number, n: number): void {
    for (let frame = 0; frame < n; frame++) budget.gap(milliseconds, MILLION);
  }

  /** Draw parts of what it allows on a GPU that does so many points in a millisecond. */
  function rest(budget: Budget, pointsPerMillisecond: number, n: number): void {
    for (let part = 0; part < n; part++) {
      const drawn = budget.part(MILLION);
      const took = drawn / pointsPerMillisecond;
      budget.partTook(drawn, Math.max(1, Math.ceil(took / 17)), took);
    }
  }

  it("begins with what every GPU can do, and falls and rises with the frames of a movement", () => {
    const budget = new Budget();
    expect(budget.take(MILLION)).toBe(100_000);
    pass(budget, 120, 10);
    const slow = budget.take(MILLION);
    expect(slow).toBeLessThan(60_000);
    expect(slow).toBeGreaterThanOrEqual(8000);
    expect(budget.restMilliseconds).toBeGreaterThan(200);
    pass(budget, 16, 12);
    expect(budget.take(MILLION)).toBeGreaterThan(slow);
    pass(budget, 16, 200);
    expect(budget.take(MILLION)).toBe(MILLION);
  });

  it("draws all points at once where the GPU is quick, before anything has moved", () => {
    const budget = new Budget();
    expect(budget.atOnce(MILLION)).toBe(100_000);
    rest(budget, 200_000, 4);
    expect(budget.part(MILLION)).toBe(MILLION);
    expect(budget.atOnce(MILLION)).toBe(MILLION);
    expect(budget.take(MILLION)).toBe(MILLION);
  });

  it("keeps parts to about a frame where there is no GPU", () => {
    const budget = new Budget();
    rest(budget, 1200, 12);
    expect(budget.part(MILLION)).toBeGreaterThan(30_000);
    expect(budget.part(MILLION)).toBeLessThan(70_000);
    expect(budget.atOnce(MILLION)).toBeLessThan(70_000);
  });

  it("learns nothing from the small rest of a picture", () => {
    const budget = new Budget();
    budget.partTook(3000, 5, 80);
    expect(budget.part(MILLION)).toBe(100_000);
  });

  it("leaves small clouds alone", () => {
    const budget = new Budget();
    for (let frame = 0; frame < 9; frame++) budget.gap(500, 2000);
    expect(budget.take(2000)).toBe(2000);
    expect(isCostly(2000)).toBe(false);
  });
});

describe("a turntable", () => {
  const viewport = { width: 800, height: 600 };

  it("keeps up where it is, and never goes over the top", () => {
    let camera = HOME_3D;
    for (const [dx, dy] of [
      [120, 30],
      [-40, 900],
      [10, -2500],
    ] as const) {
      camera = turntable(camera, dx, dy, viewport);
      const up = rotate(camera.rotation, [0, 1, 0]);
      expect(up[0]).toBeCloseTo(0, 9);
      expect(up[1]).toBeGreaterThanOrEqual(-1e-9);
    }
  });
});

describe("sequences", () => {
  const values = Float32Array.of(1, 2, Number.NaN, 4, 99, 5);

  it("join each point with its next, where there is one", () => {
    const { pairs } = sequencesOf({ kind: "numbers", values }, selectionOf([]));
    expect([...pairs]).toEqual([0, 1, 1, 2, 3, 4]);
  });

  it("stand out where one of their points is selected", () => {
    const { opacities } = sequencesOf({ kind: "numbers", values }, selectionOf([2]));
    const [a = 0, b = 0, c = 0] = opacities;
    expect(a).toBe(b);
    expect(a).toBeGreaterThan(c * 4);
  });
});
