import { describe, expect, it } from "vitest";
import { BY_ROW, inOrder, nextOrder } from "../../../src/model/data/sorting";

const order = Uint32Array.of(4, 0, 3, 1, 2);

describe("rows", () => {
  it("stand in the server's order of all rows", () => {
    expect([...inOrder(Uint32Array.of(0, 2, 4), order)]).toEqual([4, 0, 2]);
    expect([...inOrder(new Uint32Array(0), order)]).toEqual([]);
    expect([...inOrder(Uint32Array.of(0, 1, 2, 3, 4), order)]).toEqual([...order]);
  });

  it("that the dataset does not have are left out", () => {
    expect([...inOrder(Uint32Array.of(1, 9), order)]).toEqual([1]);
  });

  it("go up, down and back by three clicks", () => {
    const up = nextOrder(BY_ROW, 2);
    const down = nextOrder(up, 2);
    expect([up.isDescending, down.isDescending]).toEqual([false, true]);
    expect(nextOrder(down, 2)).toEqual(BY_ROW);
  });

  it("are a million at once", () => {
    const all = Uint32Array.from({ length: 1_000_000 }, (_, row) => row);
    const half = all.filter((row) => row % 2 === 0);
    expect(inOrder(half, all.slice().reverse())[0]).toBe(999_998);
  });
});
