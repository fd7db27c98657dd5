import { describe, expect, it } from "vitest";
import { frameAround } from "../../../src/model/projection/shared-frame";

function flat(...values: number[]) {
  return { values: Float32Array.from(values), dims: 2 as const };
}

describe("one frame around several pictures", () => {
  it("holds all points, the farthest of them at its edge", () => {
    const frame = frameAround([flat(0, 0, 4, 0), flat(0, 2, 2, 8)]);
    expect(frame?.center).toEqual([2, 4]);
    expect(frame?.radius).toBeCloseTo(Math.hypot(2, 4));
  });

  it("has a depth where the pictures have one", () => {
    const values = Float32Array.of(0, 0, 0, 2, 4, 6);
    expect(frameAround([{ values, dims: 3 }])?.center).toEqual([1, 2, 3]);
  });

  it("leaves out rows without a place, and those that no GPU can draw", () => {
    const wide = flat(Number.NaN, 9, 0, 0, Number.POSITIVE_INFINITY, 1, 1e38, 1, 2, 0);
    expect(frameAround([wide])).toEqual({ center: [1, 0], radius: 1 });
  });

  it("is none where nothing has an extent", () => {
    expect(frameAround([])).toBeNull();
    expect(frameAround([flat()])).toBeNull();
    expect(frameAround([flat(3, 3), flat(3, 3)])).toBeNull();
    expect(frameAround([flat(Number.NaN, 1)])).toBeNull();
  });
});
