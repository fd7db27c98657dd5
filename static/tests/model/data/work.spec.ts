import { describe, expect, it } from "vitest";
import { isWorking, shareDone, type WorkState } from "../../../src/model/data/work";

describe("work on the server", () => {
  it.each<[WorkState, boolean]>([
    ["queued", true],
    ["running", true],
    ["done", false],
    ["failed", false],
    ["cancelled", false],
  ])("that is %s has more to come: %s", (state, more) => {
    expect(isWorking({ state })).toBe(more);
  });

  it("has nothing to come where there is none", () => {
    expect([isWorking(null), isWorking(undefined)]).toEqual([false, false]);
  });

  it("is done in part, as far as that is known", () => {
    expect(shareDone({ done: 3, total: 0 })).toBeNull();
    expect(shareDone({ done: 3, total: 4 })).toBe(0.75);
    expect(shareDone({ done: 9, total: 4 })).toBe(1);
  });
});
