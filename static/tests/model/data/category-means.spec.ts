import { describe, expect, it } from "vitest";
import { meansByCategory } from "../../../src/model/data/category-means";

describe("means by category", () => {
  it("leave out rows without a category or a number", () => {
    const codes = Uint16Array.of(0, 1, 0, 65535, 1, 2);
    const kept = Float32Array.of(1, 0.5, 0, 1, Number.NaN, Number.NaN);
    const shift = Float32Array.of(2, 3, 4, 1, Number.NaN, Number.NaN);
    expect(meansByCategory(codes, ["a", "b", "none"], [kept, shift])).toEqual([
      { name: "a", n: 2, means: [0.5, 3] },
      { name: "b", n: 1, means: [0.5, 3] },
    ]);
  });

  it("know nothing of values that have no name", () => {
    const codes = Uint16Array.of(0, 1, 1);
    const kept = Float32Array.of(0.25, 1, 1);
    expect(meansByCategory(codes, ["frequent"], [kept])).toEqual([
      { name: "frequent", n: 1, means: [0.25] },
    ]);
  });
});
