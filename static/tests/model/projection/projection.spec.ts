import { describe, expect, it } from "vitest";
import { barLengths } from "../../../src/model/projection/neighbors";
import { fitComponents, flattened } from "../../../src/model/projection/projection";

describe("components", () => {
  it("stay as chosen where they were kept", () => {
    expect(fitComponents([4, 0, 1], 3, 10)).toEqual([4, 0, 1]);
    expect(fitComponents([4, 0, 1], 2, 10)).toEqual([4, 0]);
  });

  it("are replaced where they were not, and never repeated", () => {
    expect(fitComponents([4, 0, 1], 3, 3)).toEqual([0, 1, 2]);
    expect(fitComponents([1, 1], 2, 3)).toEqual([1, 0]);
    expect(fitComponents([0, 1, 2], 3, 1)).toEqual([0]);
  });
});

it("a deep picture is flattened to its first two axes", () => {
  const deep = { values: Float32Array.of(1, 2, 3, 4, 5, 6), dims: 3 as const };
  expect(flattened(deep)).toEqual({ values: Float32Array.of(1, 2, 4, 5), dims: 2 });
});

it("bars start at zero distance, and at the least of similarities", () => {
  expect(barLengths([1, 2])).toEqual([0.5, 1]);
  expect(barLengths([-2, 0])).toEqual([0, 1]);
  expect(barLengths([0, 0])).toEqual([0, 0]);
});
