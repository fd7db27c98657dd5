import { describe, expect, it } from "vitest";
import { sideFor, strengths } from "../../../src/model/data/density";

describe("a density of all points", () => {
  it("has cells that are not much larger than a pixel, as far as there are such", () => {
    const sides = [128, 256, 512, 1024];
    expect([10, 256, 257, 900, 1e6].map((pixels) => sideFor(sides, pixels))).toEqual([
      128, 128, 256, 512, 1024,
    ]);
    expect(sideFor([], 100)).toBe(0);
  });

  it("is painted by the logarithm of its counts, nothing where there is nothing", () => {
    const found = strengths(Uint32Array.of(0, 1, 10, 1000));
    expect(found[0]).toBe(0);
    expect(found[3]).toBe(255);
    expect(found[1]).toBeGreaterThan(20);
    expect(found[2]).toBeGreaterThan(found[1] ?? 0);
    expect([...strengths(new Uint32Array(3))]).toEqual([0, 0, 0]);
  });
});
