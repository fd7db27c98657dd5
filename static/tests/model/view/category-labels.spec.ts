import { describe, expect, it } from "vitest";
import type { CodeValues } from "../../../src/model/color/color-style";
import { categoryLabels, MAX_CATEGORY_LABELS } from "../../../src/model/view/category-labels";

function column(codes: number[], names: string[]): CodeValues {
  const counts = names.map(() => 1);
  const categories = { names, counts, n_categories: names.length };
  return { kind: "codes", codes: Uint16Array.from(codes), categories };
}

describe("names in the picture", () => {
  it("stand in the thickest part of their points, not between two parts", () => {
    // Category a: three points on the left, one far right; b: one point in the middle.
    const values = Float32Array.of(0, 0, 1, 0.1, 2, 0, 30, 0, 12, 0, Number.NaN, 1);
    const labels = categoryLabels({ values, dims: 2 }, column([0, 0, 0, 0, 1, 1], ["a", "b"]));
    expect(labels).toEqual([
      { index: 1, text: "a" },
      { index: 4, text: "b" },
    ]);
  });

  it("stand at a point in the deep picture, too", () => {
    const values = Float32Array.of(0, 0, 0, 1, 1, 1, 1, 1, 0.99);
    const labels = categoryLabels({ values, dims: 3 }, column([0, 1, 1], ["a", "b"]));
    expect(labels.map(({ text }) => text)).toEqual(["a", "b"]);
    expect(labels[0]?.index).toBe(0);
  });

  it("are left out where there are too many", () => {
    const names = Array.from({ length: MAX_CATEGORY_LABELS + 1 }, (_, index) => `${index}`);
    expect(categoryLabels({ values: Float32Array.of(0, 0), dims: 2 }, column([0], names))).toEqual(
      [],
    );
  });

  it("pass over missing values", () => {
    const values = Float32Array.of(0, 0, 0);
    expect(categoryLabels({ values, dims: 3 }, column([65535], ["a"]))).toEqual([]);
  });
});
