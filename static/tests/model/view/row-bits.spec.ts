import { describe, expect, it } from "vitest";
import { rowBits, spreadRows } from "../../../src/model/view/row-bits";

describe("groups of rows as bits", () => {
  it("has one bit a point, the lowest first, group after group", () => {
    const bits = rowBits([Uint32Array.of(0, 9), Uint32Array.of(1)], 10);
    expect([...bits]).toEqual([1, 2, 2, 0]);
  });

  it("drops what is no row of the dataset", () => {
    expect([...rowBits([Uint32Array.of(2, 8)], 8)]).toEqual([4]);
  });
});

describe("some of many rows", () => {
  it("are spread over all of them, each once", () => {
    const rows = Uint32Array.from({ length: 1000 }, (_, at) => 3 * at);
    const some = spreadRows(rows, 10);
    expect([...some]).toEqual([0, 300, 600, 900, 1200, 1500, 1800, 2100, 2400, 2700]);
    expect(spreadRows(rows, 1000)).toBe(rows);
  });
});
