import { describe, expect, it } from "vitest";
import { BY_ROW, nextOrder, sortRows } from "../../src/model/sorting";

const rows = Uint32Array.of(0, 1, 2, 3);

describe("rows", () => {
  it("are sorted by numbers, missing last both ways", () => {
    const values = Float32Array.of(3, Number.NaN, 1, 2);
    expect([...sortRows(rows, { kind: "numbers", values }, false)]).toEqual([2, 3, 0, 1]);
    expect([...sortRows(rows, { kind: "numbers", values }, true)]).toEqual([0, 3, 2, 1]);
  });

  it("are sorted by texts as people sort", () => {
    const bytes = new TextEncoder().encode("a10a9b");
    const packed = { length: 4, offsets: Uint32Array.of(0, 3, 5, 5, 6), bytes };
    expect([...sortRows(rows, packed, false)]).toEqual([1, 0, 3, 2]);
  });

  it("are sorted by the names of their categories", () => {
    const categories = { names: ["z", "a"], counts: [2, 1], n_categories: 2 };
    const codes = Uint16Array.of(0, 1, 0xffff, 0);
    expect([...sortRows(rows, { kind: "codes", codes, categories }, false)]).toEqual([1, 0, 3, 2]);
  });

  it("go up, down and back by three clicks", () => {
    const up = nextOrder(BY_ROW, 2);
    const down = nextOrder(up, 2);
    expect([up.isDescending, down.isDescending]).toEqual([false, true]);
    expect(nextOrder(down, 2)).toEqual(BY_ROW);
    expect([...sortRows(rows, null, true)]).toEqual([3, 2, 1, 0]);
  });
});
