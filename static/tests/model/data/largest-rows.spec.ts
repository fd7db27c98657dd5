import { describe, expect, it } from "vitest";
import { largestRows } from "../../../src/model/data/largest-rows";

describe("the largest rows", () => {
  it("come first, without those that have no number", () => {
    const values = Float32Array.of(0.5, Number.NaN, 3, 0.25, 3, 1);
    expect([...largestRows(values, 3)]).toEqual([2, 4, 5]);
    expect([...largestRows(values, 10)]).toEqual([2, 4, 5, 0, 3]);
    expect([...largestRows(Float32Array.of(Number.NaN), 3)]).toEqual([]);
  });

  it("are those that sorting would find", () => {
    const values = Float32Array.from({ length: 5000 }, (_, row) => (row * 7919) % 5003);
    const sorted = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
    expect([...largestRows(values, 200)]).toEqual(sorted.slice(0, 200));
  });
});
