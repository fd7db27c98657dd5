import { describe, expect, it } from "vitest";
import { laidOn } from "../../../src/model/projection/laid-on";
import type { Positions } from "../../../src/model/projection/projection";

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296 - 0.5;
  };
}

function cloud(n: number, dims: 2 | 3, seed = 1): Positions {
  const next = random(seed);
  return { values: Float32Array.from({ length: n * dims }, next), dims };
}

/** Turned about the last axis, perhaps mirrored, made larger, and moved. */
function changed({ values, dims }: Positions, isMirrored: boolean): Positions {
  const out = new Float32Array(values.length);
  const [cos, sin] = [Math.cos(2), Math.sin(2)];
  for (let at = 0; at < values.length; at += dims) {
    const x = (isMirrored ? -1 : 1) * (values[at] ?? 0);
    const y = values[at + 1] ?? 0;
    out[at] = 3 * (cos * x - sin * y) + 7;
    out[at + 1] = 3 * (sin * x + cos * y) - 40;
    if (dims === 3) out[at + 2] = 3 * (values[at + 2] ?? 0) + 2;
  }
  return { values: out, dims };
}

const ROWS = [0, 7, 31];

describe("a picture laid on another one", () => {
  it.each([
    [2, false],
    [2, true],
    [3, false],
    [3, true],
  ] as const)(
    "comes to lie on it where only the frame differs (%sD, mirrored: %s)",
    (dims, flip) => {
      const fixed = cloud(40, dims);
      const found = laidOn(changed(fixed, flip), fixed);
      expect(found?.residual).toBeLessThan(1e-3);
      const expected = ROWS.flatMap((row) => [
        ...fixed.values.subarray(row * dims, (row + 1) * dims),
      ]);
      const ends = [...(found?.ends(ROWS) ?? [])];
      for (const [k, value] of ends.entries()) expect(value).toBeCloseTo(expected[k] ?? 0, 4);
    },
  );

  it("has a residual near 1 where both have nothing in common", () => {
    expect(laidOn(cloud(4000, 2, 5), cloud(4000, 2, 9))?.residual).toBeGreaterThan(0.95);
  });

  it("leaves out points without a position, and flat ones in 3D are no trouble", () => {
    const fixed = cloud(30, 3);
    for (let row = 0; row < 30; row++) fixed.values[row * 3 + 2] = 0;
    const moved = changed(fixed, false);
    moved.values.set([Number.NaN, 0, 0], 27 * 3);
    const found = laidOn(moved, fixed);
    expect(found?.residual).toBeLessThan(1e-3);
    expect(found?.ends([7])[0]).toBeCloseTo(fixed.values[21] ?? 0, 4);
  });

  it("is none where numbers of points or of dimensions differ, or all lie in one place", () => {
    expect(laidOn(cloud(30, 2), cloud(31, 2))).toBeNull();
    expect(laidOn(cloud(30, 3), cloud(45, 2))).toBeNull();
    expect(laidOn({ values: new Float32Array(60), dims: 2 }, cloud(30, 2))).toBeNull();
  });
});
