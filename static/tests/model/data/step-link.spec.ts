import { describe, expect, it } from "vitest";
import { linkedStep } from "../../../src/model/data/step-link";

describe("the step of another run", () => {
  const own = [0, 100, 200];

  it("is the same one, or the stored one that is nearest", () => {
    expect(linkedStep(100, own, [0, 100, 400], "step")).toBe(100);
    expect(linkedStep(100, own, [0, 90, 400], "step")).toBe(90);
    expect(linkedStep(200, own, [], "step")).toBeNull();
  });

  it("is as far through the training", () => {
    const other = [10, 20, 30, 40, 50];
    expect(own.map((step) => linkedStep(step, own, other, "share"))).toEqual([10, 30, 50]);
    // One step says nothing of a share.
    expect(linkedStep(20, [20], other, "share")).toBe(20);
  });

  it("is its own affair where the runs are apart", () => {
    expect(linkedStep(100, own, own, "off")).toBeNull();
  });
});
