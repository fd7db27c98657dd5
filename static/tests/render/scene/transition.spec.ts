import { describe, expect, it } from "vitest";
import {
  bake,
  easeInOut,
  layerOf,
  pointAt,
  type Transition,
} from "../../../src/render/scene/transition";

const flat = layerOf({ values: new Float32Array([-1, 0, 1, 0, 0, NaN]), dims: 2 });
const deep = layerOf({ values: new Float32Array([0, 0, 4, 0, 0, -4, 0, 0, 0]), dims: 3 });
const between = (progress: number): Transition => ({ from: flat, to: deep, progress });

describe("pointAt", () => {
  it("mixes each end in its own fit, and flat positions lie at depth 0", () => {
    expect(pointAt(between(0), 0)).toEqual([-1, 0, 0]);
    expect(pointAt(between(1), 0)).toEqual([0, 0, 1]);
    expect(pointAt(between(0.25), 0)).toEqual([-0.75, 0, 0.25]);
  });

  it("shows a point that comes from nowhere at its goal", () => {
    expect(pointAt(between(0.5), 2)).toEqual([0, 0, 0]);
  });

  it("shows no point that goes nowhere or does not exist", () => {
    expect(pointAt({ from: deep, to: flat, progress: 0.5 }, 2)).toBeNull();
    expect(pointAt(between(1), 3)).toBeNull();
    expect(pointAt(between(1), -1)).toBeNull();
  });
});

describe("bake", () => {
  it("is where every point is seen, so that a new transition starts without a jump", () => {
    const now = between(0.3);
    const baked = bake(now);
    for (const index of [0, 1, 2]) {
      const seen = pointAt(now, index);
      const next = pointAt({ from: baked, to: flat, progress: 0 }, index);
      if (index === 2) continue;
      seen?.forEach((value, k) => {
        expect(next?.[k]).toBeCloseTo(value, 6);
      });
    }
  });

  it("copies nothing at rest", () => {
    expect(bake({ from: null, to: deep, progress: 1 })).toBe(deep);
  });
});

describe("easeInOut", () => {
  it("runs from 0 to 1 and is slow at both ends", () => {
    expect([0, 0.5, 1].map(easeInOut)).toEqual([0, 0.5, 1]);
    expect(easeInOut(0.1)).toBeLessThan(0.1);
    expect(easeInOut(0.9)).toBeGreaterThan(0.9);
  });
});
