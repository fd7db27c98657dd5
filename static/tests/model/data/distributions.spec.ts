import { describe, expect, it } from "vitest";
import {
  type Distributions,
  dimensionRows,
  dimensionText,
  figureShare,
  isDead,
  largestFigure,
  lengthQuantiles,
  nDead,
} from "../../../src/model/data/distributions";

/** Two steps of four dimensions; the first lacks the last one. Dimension 1 dies. */
const FOUND: Distributions = {
  nSteps: 2,
  nDims: 4,
  means: new Float32Array([1, -2, 0, Number.NaN, 1, 0.5, 0, 4]),
  deviations: new Float32Array([3, 2, 1, Number.NaN, 30, 0, 10, 20]),
  shares: [0, 0.5, 1],
  lengths: new Float32Array([1, 2, 3, 4, 5, 6]),
};

function wide(nDims: number): Distributions {
  const deviations = Float32Array.from({ length: nDims }, (_, at) => (at * 7) % nDims);
  return { ...FOUND, nSteps: 1, nDims, deviations, means: deviations };
}

describe("the dimensions that are shown", () => {
  it("are all of them, the smallest deviation at the last step first", () => {
    const { dimensions, rule } = dimensionRows(FOUND, "deviation");
    expect(dimensions).toEqual([1, 2, 3, 0]);
    expect(rule).toBe("All 4 dimensions. Smallest deviation at the last step first.");
  });

  it("are sorted by number where that is asked", () => {
    expect(dimensionRows(FOUND, "number").dimensions).toEqual([0, 1, 2, 3]);
  });

  it("are the ends of the order where they are many, and the rule says so", () => {
    const found = wide(101);
    const { dimensions, rule } = dimensionRows(found, "deviation", 10);
    expect(dimensions.map((each) => found.deviations[each])).toEqual([
      0, 1, 2, 3, 4, 96, 97, 98, 99, 100,
    ]);
    expect(rule).toContain(
      "5 dimensions with the smallest and 5 with the largest deviation at the last step, of 101.",
    );
    const byNumber = dimensionRows(found, "number", 10).dimensions;
    expect([...byNumber].sort((a, b) => a - b)).toEqual(byNumber);
    expect(new Set(byNumber)).toEqual(new Set(dimensions));
  });

  it("stand last where the last step lacks them", () => {
    const cut = { ...FOUND, nSteps: 1 };
    expect(dimensionRows(cut, "deviation").dimensions).toEqual([2, 1, 0, 3]);
  });
});

describe("what is said of a dimension", () => {
  it("is dead where all points have the same value, as the server counts it", () => {
    expect([isDead(FOUND, 0, 1), isDead(FOUND, 1, 1), isDead(FOUND, 0, 3)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(nDead(FOUND)).toEqual([0, 1]);
    // Beside a deviation of 1, a millionth is dead and three are not.
    const near = { ...FOUND, nSteps: 1, nDims: 3, deviations: new Float32Array([1, 3e-6, 9e-7]) };
    expect(nDead(near)).toEqual([1]);
  });

  it("has its numbers in words", () => {
    expect(dimensionText(FOUND, 1, 1, "step 20")).toBe(
      "dimension 1, step 20: standard deviation 0, mean 0.5, dead",
    );
    expect(dimensionText(FOUND, 3, 0, "step 0")).toBe("dimension 3, step 0: not there");
  });

  it("has a place on the colors: from 0, or around 0", () => {
    expect(largestFigure(FOUND, "deviation", null)).toBe(30);
    expect(largestFigure(FOUND, "deviation", 0)).toBe(3);
    expect(largestFigure(FOUND, "mean", 0)).toBe(2);
    expect(figureShare("deviation", 15, 30)).toBe(0.5);
    expect(figureShare("mean", -2, 2)).toBe(0);
    expect(figureShare("mean", 0, 0)).toBe(0.5);
    expect(figureShare("deviation", 0, 0)).toBe(0);
  });
});

it("gives the lengths step by step", () => {
  expect(lengthQuantiles(FOUND)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});
