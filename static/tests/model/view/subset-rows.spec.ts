import { describe, expect, it } from "vitest";
import { rowsAbove } from "../../../src/model/view/subset-rows";

const IDS = Uint32Array.of(3, 9, 15, 200);

describe("rows of a part", () => {
  it("are rows of the whole", () => {
    expect([...rowsAbove(Uint32Array.of(1, 3), IDS, null)]).toEqual([9, 200]);
  });

  it("are rows of the part that it is a part of", () => {
    const above = Uint32Array.of(1, 3, 5, 9, 15, 100, 200);
    expect([...rowsAbove(Uint32Array.of(0, 1, 3), IDS, above)]).toEqual([1, 3, 6]);
  });
});
