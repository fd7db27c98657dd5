import { describe, expect, it } from "vitest";
import type { CodeValues } from "../../../src/model/color/color-style";
import { crossTable, MOST_NAMES, rowsOfCell } from "../../../src/model/color/cross-table";

function values(codes: readonly number[], names: readonly string[]): CodeValues {
  const counts = names.map((_, at) => codes.filter((code) => code === at).length);
  const categories = { names, counts, n_categories: names.length };
  return { kind: "codes", codes: Uint16Array.from(codes), categories };
}

const LABEL = values([0, 0, 0, 1, 1, 0xffff], ["cat", "ant"]);
const PREDICTED = values([0, 0, 1, 1, 2, 0], ["cat", "ant", "bee"]);

describe("a cross table", () => {
  it("counts how often values meet, with those in common on the diagonal", () => {
    const table = crossTable(LABEL, PREDICTED);
    expect(table.rows).toEqual(["ant", "cat", null]);
    expect(table.columns).toEqual(["ant", "cat", "bee"]);
    expect([...table.counts]).toEqual([1, 0, 1, 1, 2, 0, 0, 1, 0]);
    expect([table.nAlike, table.nUnknown, table.nPoints]).toEqual([3, 0, 6]);
  });

  it("names the points of a cell, and counts those that pass only", () => {
    expect([...rowsOfCell(LABEL, PREDICTED, 4)]).toEqual([0, 1]);
    const table = crossTable(LABEL, PREDICTED, (row) => row > 0);
    expect([...table.counts]).toEqual([1, 0, 1, 1, 1, 0, 0, 1, 0]);
    expect([...rowsOfCell(LABEL, PREDICTED, 4, (row) => row > 0)]).toEqual([1]);
  });

  it("puts rarer values together, and loses no point", () => {
    const names = Array.from({ length: 30 }, (_, at) => `n${at}`);
    const many = values(
      Array.from({ length: 300 }, (_, at) => at % 30),
      names,
    );
    const table = crossTable(many, many);
    expect(table.rows).toHaveLength(MOST_NAMES + 1);
    expect(table.rows.at(-1)).toBeNull();
    expect(table.counts.reduce((sum, n) => sum + n)).toBe(300);
    expect(rowsOfCell(many, many, table.counts.length - 1)).toHaveLength(180);
    // What has no row of its own is the same, too.
    expect([table.nAlike, table.nUnknown]).toEqual([300, 0]);
  });

  it("says of how many points it is not known whether they are the same", () => {
    const few = values([0, 0, 1, 2, 3, 0xffff], ["a"]);
    const first = { ...few, categories: { ...few.categories, n_categories: 4 } };
    const rarer = [{ rank: 1, name: "b", count: 1 }];
    const second = { ...first, categories: { ...first.categories, rarer } };
    // Both unnamed: code 2 and code 3. One of them "b", or missing: known to be different.
    const table = crossTable(first, second);
    expect([table.nAlike, table.nUnknown]).toEqual([2, 2]);
  });
});
