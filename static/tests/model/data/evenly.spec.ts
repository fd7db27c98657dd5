import { describe, expect, it } from "vitest";
import { evenly } from "../../../src/model/data/evenly";

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);

describe("a few of many", () => {
  it("are all where there is room", () => {
    expect(evenly([3, 1, 2], 3)).toEqual([3, 1, 2]);
    expect(evenly([], 4)).toEqual([]);
  });

  it("are evenly apart, with the first and the last", () => {
    expect(evenly(upTo(9), 5)).toEqual([0, 2, 4, 6, 8]);
    const found = evenly(upTo(200), 24);
    expect(found.length).toBe(24);
    expect([found[0], found.at(-1)]).toEqual([0, 199]);
    const gaps = found.slice(1).map((each, at) => each - (found[at] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it("are the last one where there is room for one", () => {
    expect(evenly(upTo(9), 1)).toEqual([8]);
    expect(evenly(upTo(9), 0)).toEqual([]);
  });
});
