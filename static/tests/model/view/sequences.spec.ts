import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { sequencesOf } from "../../../src/model/view/sequences";

describe("sequences", () => {
  const values = Float32Array.of(1, 2, Number.NaN, 4, 99, 5);

  it("join each point with its next, where there is one", () => {
    const { pairs } = sequencesOf({ kind: "numbers", values }, selectionOf([]));
    expect([...pairs]).toEqual([0, 1, 1, 2, 3, 4]);
  });

  it("stand out where one of their points is selected", () => {
    const { opacities } = sequencesOf({ kind: "numbers", values }, selectionOf([2]));
    const [a = 0, b = 0, c = 0] = opacities;
    expect(a).toBe(b);
    expect(a).toBeGreaterThan(c * 4);
  });
});
