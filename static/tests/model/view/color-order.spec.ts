import { describe, expect, it } from "vitest";
import type { CodeValues } from "../../../src/model/color/color-style";
import { colorDistance } from "../../../src/model/color/oklab";
import { categoryColor, N_DISTINCT } from "../../../src/model/color/palette";
import { arrangeColors } from "../../../src/model/view/color-order";

const N = 40;

function columnOf(names: readonly string[]): CodeValues {
  return {
    kind: "codes",
    codes: Uint16Array.from(names, (_, at) => at),
    categories: { names, counts: names.map(() => 1), n_categories: names.length },
  };
}

/** One point for each category, on a grid: its neighbors are at most one cell away. */
function grid(n: number) {
  const values = new Float32Array(2 * n);
  for (let at = 0; at < n; at++) values.set([at % 8, Math.floor(at / 8)], 2 * at);
  return { values, dims: 2 as const };
}

const names = Array.from({ length: N }, (_, at) => `c${at}`);

/** The smallest distance of colors between two neighbors on the grid. */
function leastBetweenNeighbors(order: ReadonlyMap<string, number>): number {
  let least = Number.POSITIVE_INFINITY;
  const color = (at: number) => categoryColor("light", order.get(`c${at}`) ?? 0);
  for (let a = 0; a < N; a++) {
    for (const b of [a + 1, a + 8]) {
      const isNext = b < N && (b === a + 8 || b % 8 !== 0);
      if (isNext) least = Math.min(least, colorDistance(color(a), color(b)));
    }
  }
  return least;
}

describe("the colors of many categories", () => {
  const order = arrangeColors(columnOf(names), grid(N), new Map());

  it("are each used once, the first ones by the most frequent", () => {
    expect(new Set(order.values()).size).toBe(N);
    for (const name of names.slice(0, N_DISTINCT)) {
      expect(order.get(name)).toBeLessThan(N_DISTINCT);
    }
  });

  it("differ more between neighbors than colors by rank do", () => {
    const byRank = new Map(names.map((name, at) => [name, at]));
    const arranged = leastBetweenNeighbors(order);
    expect(arranged).toBeGreaterThan(0.15);
    expect(arranged).toBeGreaterThan(leastBetweenNeighbors(byRank));
  });

  it("stay when names come again in another column, elsewhere, with others", () => {
    const more = [...names.slice(10, 30), "constructor", "x", "y"];
    const next = arrangeColors(columnOf(more), grid(23), order);
    for (const name of names) expect(next.get(name)).toBe(order.get(name));
    const places = more.map((name) => next.get(name));
    expect(new Set(places).size).toBe(more.length);
    expect(places.every((place) => place !== undefined && place < N)).toBe(true);
  });

  it("are there for points without a place, too", () => {
    const nowhere = { values: new Float32Array(2 * N).fill(Number.NaN), dims: 2 as const };
    expect(new Set(arrangeColors(columnOf(names), nowhere, new Map()).values()).size).toBe(N);
  });
});
