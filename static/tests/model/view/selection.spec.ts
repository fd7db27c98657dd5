import { describe, expect, it } from "vitest";
import { combine, contains, equal, selectionOf } from "../../../src/model/view/selection";

const old = selectionOf([1, 3, 5]);
const incoming = selectionOf([3, 4]);

describe("a selection", () => {
  it("is ascending, each row once, only rows that exist", () => {
    expect([...selectionOf([5, 1, 5, -1, 2.5, Number.NaN, 10], 10)]).toEqual([1, 5]);
  });

  it.each([
    ["replace", [3, 4]],
    ["add", [1, 3, 4, 5]],
    ["subtract", [1, 5]],
    ["intersect", [3]],
  ] as const)("can %s", (mode, expected) => {
    expect([...combine(old, incoming, mode)]).toEqual(expected);
  });

  it("agrees with sets on random rows", () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % 40;
    };
    for (let round = 0; round < 50; round++) {
      const a = selectionOf(Array.from({ length: 15 }, next));
      const b = selectionOf(Array.from({ length: 15 }, next));
      const kept = [...a].filter((each) => contains(b, each));
      expect([...combine(a, b, "intersect")]).toEqual(kept);
      expect([...combine(a, b, "add")]).toEqual([...selectionOf([...a, ...b])]);
      expect([...combine(a, b, "subtract")]).toEqual([...a].filter((each) => !contains(b, each)));
    }
  });

  it("is equal by content", () => {
    expect(equal(old, selectionOf([5, 3, 1]))).toBe(true);
    expect(equal(old, incoming)).toBe(false);
  });
});
