import { describe, expect, it } from "vitest";
import { brushOfRange, draggedBrush, rangeOfBrush } from "../../../src/model/color/brush";
import {
  binCategories,
  binNumbers,
  countAll,
  countPassing,
  countRows,
  fullLength,
  isChartable,
} from "../../../src/model/color/histogram";
import type { Column } from "../../../src/model/data/dataset";

const column: Column = {
  index: 0,
  name: "size",
  kind: "numeric",
  n_missing: 0,
  n_categories: 3,
  code_bytes: 2,
  number_bytes: 4,
  is_integer: true,
  minimum: 0,
  maximum: 9,
  media: null,
  tags: null,
};

function numbers(...values: number[]) {
  return { kind: "numbers", values: Float32Array.from(values) } as const;
}

describe("bars", () => {
  it("are whole numbers where there are few of them", () => {
    const bins = binNumbers(column, numbers(0, 9, 9, 4, Number.NaN));
    expect(bins.nBars).toBe(10);
    expect(bins.isWhole && bins.hasMissing).toBe(true);
    const counts = countAll(bins);
    expect([counts[0], counts[4], counts[9], counts[bins.missing]]).toEqual([1, 1, 2, 1]);
  });

  it("hold equally many whole numbers each where there are more", () => {
    const bins = binNumbers({ ...column, maximum: 99 }, numbers(0, 2, 3, 99));
    expect(bins.nBars).toBe(34);
    expect([...bins.of]).toEqual([0, 0, 1, 33]);
  });

  it("take in both ends, and values beyond what was told", () => {
    const real = { ...column, is_integer: false, minimum: 0, maximum: 1 };
    const bins = binNumbers(real, numbers(0, 1, -5, 7));
    expect([...bins.of]).toEqual([0, bins.nBars - 1, 0, bins.nBars - 1]);
    expect(binNumbers({ ...real, maximum: 0 }, numbers(0)).nBars).toBe(1);
  });

  it("stand for equal factors where that is what spreads the values", () => {
    const values = Float32Array.from({ length: 2000 }, (_, i) => Math.exp(((i * 7) % 2000) / 150));
    const skewed = {
      ...column,
      is_integer: false,
      minimum: Math.min(...values),
      maximum: Math.max(...values),
    };
    const bins = binNumbers(skewed, { kind: "numbers", values });
    expect(bins.isLog).toBe(true);
    expect(bins.edges[0]).toBe(skewed.minimum);
    expect(bins.edges[bins.nBars]).toBe(skewed.maximum);
    const counts = countAll(bins);
    expect(counts.slice(0, bins.nBars).every((n) => n >= 45 && n <= 55)).toBe(true);
    for (const [index, value] of values.entries()) {
      const bar = bins.of[index] ?? 0;
      expect(value).toBeGreaterThanOrEqual((bins.edges[bar] ?? 0) * (1 - 1e-5));
      expect(value).toBeLessThanOrEqual((bins.edges[bar + 1] ?? 0) * (1 + 1e-5));
    }
    expect(binNumbers(column, numbers(1, 1, 2, 2)).isLog).toBe(false);
  });

  it("are cut where a few would make dwarfs of the rest", () => {
    expect(fullLength([10, 8, 3])).toBe(10);
    expect(fullLength([100, 8, 3])).toBe(12);
    expect(fullLength([5000, 100, 8, 3])).toBe(150);
    // Two bars are compared with each other, whatever they are.
    expect(fullLength([100, 8])).toBe(100);
    expect(fullLength([0, 0])).toBe(1);
    expect(fullLength([])).toBe(1);
  });

  it("gather rare categories", () => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const bins = binCategories(
      {
        kind: "codes",
        codes: Uint16Array.of(0, 13, 19, 0xffff),
        categories: { names, counts: names.map(() => 1), n_categories: 20 },
      },
      12,
    );
    expect(bins.other).toBe(12);
    expect([...bins.of]).toEqual([0, 12, 12, bins.missing]);
  });

  it("count who passes the other filters, and who is selected", () => {
    const bins = binNumbers(column, numbers(1, 1, 2, 2));
    const own = Uint8Array.of(1, 1, 0, 0);
    const failures = Uint8Array.of(1, 2, 0, 1);
    const counts = countPassing(bins, failures, own);
    expect([counts[1], counts[2]]).toEqual([1, 1]);
    expect(countRows(bins, Uint32Array.of(0, 1, 99))[1]).toBe(2);
  });

  it("are not drawn of a column of names", () => {
    const names = { ...column, kind: "text", n_categories: 900 } as const;
    expect(isChartable(names, 1000)).toBe(false);
    expect(isChartable({ ...names, n_categories: 40 }, 45)).toBe(true);
    expect(isChartable(column, 10)).toBe(true);
  });
});

describe("a brush", () => {
  const whole = binNumbers(column, numbers(0));
  const real = binNumbers({ ...column, is_integer: false, minimum: 0, maximum: 40 }, numbers(0));
  const grouped = binNumbers({ ...column, maximum: 99 }, numbers(0));

  it("is the range that it stands for, and back", () => {
    for (const bins of [whole, real, grouped]) {
      for (const brush of [
        { first: 0, last: 0 },
        { first: 2, last: 5 },
        { first: 9, last: 9 },
        { first: 0, last: bins.nBars - 1 },
      ]) {
        expect(brushOfRange(bins, rangeOfBrush(bins, brush))).toEqual(brush);
      }
    }
    expect(rangeOfBrush(whole, { first: 3, last: 7 })).toEqual([3, 7]);
    expect(rangeOfBrush(real, { first: 3, last: 7 })).toEqual([3, 8]);
    expect(brushOfRange(whole, [20, 30])).toBeNull();
  });

  it("is drawn, moved and pulled at its ends", () => {
    const brush = { first: 2, last: 4 };
    expect(draggedBrush({ kind: "new", start: 5, brush: null }, 3, 10)).toEqual({
      first: 3,
      last: 5,
    });
    expect(draggedBrush({ kind: "move", start: 3, brush }, 9, 10)).toEqual({ first: 7, last: 9 });
    expect(draggedBrush({ kind: "first", start: 2, brush }, 6, 10)).toEqual({ first: 4, last: 6 });
    expect(draggedBrush({ kind: "last", start: 4, brush }, 8, 10)).toEqual({ first: 2, last: 8 });
  });
});
