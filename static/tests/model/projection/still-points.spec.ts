import { describe, expect, it } from "vitest";
import type { Positions } from "../../../src/model/projection/projection";
import { stillPoints } from "../../../src/model/projection/still-points";

const FRAME = { center: [0, 0], radius: 2 } as unknown as NonNullable<Positions["frame"]>;

function positions(values: readonly number[], frame = true): Positions {
  return { values: Float32Array.from(values), dims: 2, ...(frame && { frame: FRAME }) };
}

describe("points that hardly move from step to step", () => {
  // The corners of a square: its size is the distance of a corner from the middle, √2.
  const before = positions([1, 1, 1, -1, -1, 1, -1, -1]);

  it("move less than a tenth of the picture's size", () => {
    const after = positions([1, 1, 1, -1 + 0.15, -1 - 0.13, 1, -1, -1]);
    const found = stillPoints(before, after);
    expect([...(found?.opacities ?? [])]).toEqual([77, 255, 77, 77]);
    expect(found?.n).toBe(3);
  });

  it("are none without a place before or after", () => {
    const found = stillPoints(before, positions([1, 1, Number.NaN, 0, -1, 1, -1, -1]));
    expect([...(found?.opacities ?? [])]).toEqual([77, 255, 77, 77]);
  });

  it("are not told where steps have no common frame, or other points", () => {
    expect(stillPoints(before, positions([1, 1, 1, -1, -1, 1, -1, -1], false))).toBeNull();
    expect(stillPoints(before, positions([1, 1, 1, -1]))).toBeNull();
  });
});
