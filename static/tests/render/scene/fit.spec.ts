import { describe, expect, it } from "vitest";
import { fitPositions, IDENTITY_FIT, surroundingBall } from "../../../src/render/scene/fit";

const fitted = (values: number[], dims: 2 | 3) => {
  const positions = { values: new Float32Array(values), dims };
  const { center, scale } = fitPositions(positions);
  return Array.from(positions.values, (value, i) => (value - (center[i % dims] as number)) * scale);
};

describe("fitPositions", () => {
  it("brings the farthest point onto the unit ball around the middle of the box", () => {
    const [x0, , x1] = fitted([0, 0, 10, 0, 5, 1], 2);
    expect(x0).toBeCloseTo(-1, 1);
    expect(x1).toBeCloseTo(1, 1);
    const radii = chunks(fitted([1, 2, 3, -4, 5, 6, 7, -8, 9], 3), 3).map((p) => Math.hypot(...p));
    expect(Math.max(...radii)).toBeCloseTo(1, 5);
  });

  it("leaves rows with NaN or infinity out, whole", () => {
    const clean = fitPositions({ values: new Float32Array([0, 0, 2, 2]), dims: 2 });
    const dirty = fitPositions({
      values: new Float32Array([0, 0, Number.NaN, 900, 2, 2, 900, Number.POSITIVE_INFINITY]),
      dims: 2,
    });
    expect(dirty).toEqual({ ...clean, nFinite: 2 });
  });

  it("survives nothing, one point and equal points", () => {
    expect(fitPositions({ values: new Float32Array(0), dims: 3 })).toEqual(IDENTITY_FIT);
    expect(fitPositions({ values: new Float32Array([NaN, 1]), dims: 2 })).toEqual(IDENTITY_FIT);
    expect(fitPositions({ values: new Float32Array([7, 7, 7]), dims: 3 })).toEqual({
      center: [7, 7, 7],
      scale: 1,
      nFinite: 1,
    });
    expect(fitPositions({ values: new Float32Array([3, 4, 3, 4]), dims: 2 }).scale).toBe(1);
  });

  it("keeps a small cloud far from the origin apart", () => {
    const values = [1e6, 1e6, 1e6 + 1, 1e6];
    const [x0, , x1] = fitted(values, 2);
    expect((x1 as number) - (x0 as number)).toBeCloseTo(2, 5);
  });

  it("takes huge and tiny ranges", () => {
    for (const size of [1e30, 1e-30]) {
      const out = fitted([-size, 0, size, 0], 2);
      expect(out[0]).toBeCloseTo(-1, 4);
      expect(out[2]).toBeCloseTo(1, 4);
    }
  });
});

describe("surroundingBall", () => {
  it("holds all points", () => {
    const { center, radius } = surroundingBall([
      [0, 0, 0],
      [2, 0, 0],
      [1, 1, 0],
    ]);
    expect(center).toEqual([1, 0.5, 0]);
    expect(radius).toBeCloseTo(Math.hypot(1, 0.5));
  });
});

function chunks(values: number[], size: number): number[][] {
  const out: number[][] = [];
  for (let i = 0; i < values.length; i += size) out.push(values.slice(i, i + size));
  return out;
}
