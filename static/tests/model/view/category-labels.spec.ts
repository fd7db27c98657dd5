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

  // Beyond twelve, colors alone do not tell categories apart at a glance: their names do.
  it.each([
    [2, 13],
    [2, MAX_CATEGORY_LABELS],
    [3, 13],
    [3, MAX_CATEGORY_LABELS],
  ] as const)(
    "stand at a point of each category, in %s dimensions, of %s categories",
    (dims, n) => {
      const codes = Array.from({ length: 5 * n }, (_, index) => index % n);
      const values = Float32Array.from({ length: dims * codes.length }, (_, at) => {
        const index = Math.floor(at / dims);
        return Math.cos((index % n) * (1 + (at % dims))) * 10 + index / codes.length;
      });
      const names = Array.from({ length: n }, (_, code) => `topic ${code}`);
      const labels = categoryLabels({ values, dims }, column(codes, names));
      expect(labels.map(({ text }) => text)).toEqual(names);
      expect(labels.every(({ index, text }) => names[index % n] === text)).toBe(true);
    },
  );

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
