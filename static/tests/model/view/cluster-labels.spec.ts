import { describe, expect, it } from "vitest";
import type { CodeValues } from "../../../src/model/color/color-style";
import { clusterLabels } from "../../../src/model/view/cluster-labels";

const MISSING = 0xffff;

function level(codes: readonly number[], names: readonly string[]): CodeValues {
  const counts = names.map((_, code) => codes.filter((each) => each === code).length);
  return {
    kind: "codes",
    codes: Uint16Array.from(codes),
    categories: { names, counts, n_categories: names.length },
  };
}

/** Two groups of three at the left, one at the right, and a point in none. */
const POSITIONS = {
  dims: 2 as const,
  values: Float32Array.from([
    0, 0, 1, 0, 2, 0, 0, 10, 1, 10, 2, 10, 100, 0, 101, 0, 102, 0, 50, 50,
  ]),
};
const FINE = level([0, 0, 0, 1, 1, 1, 2, 2, 2, MISSING], ["low", "high", "right"]);
const COARSE = level([0, 0, 0, 0, 0, 0, MISSING, MISSING, MISSING, MISSING], ["left"]);

describe("labels of clusters", () => {
  const labels = clusterLabels(POSITIONS, [FINE, COARSE]);
  const named = (text: string) => labels.find((label) => label.text === text);

  it("come for each level, the broad ones first", () => {
    expect(labels.map(({ text, level: at }) => [text, at])).toEqual([
      ["left", 1],
      ["low", 0],
      ["high", 0],
      ["right", 0],
    ]);
  });

  it("stand at the middle of their points", () => {
    expect(named("low")?.index).toBe(1);
    expect(named("right")?.index).toBe(7);
  });

  it("know what holds them, and whether they hold others", () => {
    const left = named("left");
    expect(left?.hasParts).toBe(true);
    expect(left?.above).toBeNull();
    expect(named("low")?.above).toEqual({ index: left?.index, radius: left?.radius });
    expect(named("low")?.hasParts).toBe(false);
    expect(named("right")?.above).toBeNull();
  });

  it("measure how far their points lie", () => {
    expect(named("low")?.radius).toBeCloseTo(2 / 3);
    expect(named("left")?.radius ?? 0).toBeGreaterThan(3);
    expect(named("left")?.reach ?? 99).toBeLessThan(named("left")?.radius ?? 0);
  });

  it("leave out points that have no position", () => {
    const values = POSITIONS.values.slice();
    values[0] = Number.NaN;
    const [, low] = clusterLabels({ dims: 2, values }, [FINE, COARSE]);
    expect(low?.index).not.toBe(0);
    expect(low?.radius).not.toBeNaN();
  });
});
