import { describe, expect, it } from "vitest";
import { plainStyle } from "../../../src/model/color/color";
import { AUTOMATIC_RAMP, rampLegend, rampScale, rampSlots } from "../../../src/model/color/ramp";
import type { Column } from "../../../src/model/data/dataset";

const QUANTILE = { transform: "quantile", kind: "sequential" } as const;

function column(values: Float32Array): Column {
  return {
    index: 0,
    name: "value",
    kind: "numeric",
    n_missing: 0,
    n_categories: 0,
    code_bytes: 2,
    number_bytes: 4,
    is_integer: false,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    media: null,
    tags: null,
  };
}

/** Numbers of every size and both signs, and some that all share the upper half of their bits. */
function numbers(kind: "wide" | "narrow"): Float32Array {
  let state = 7;
  const next = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  const wide = () => (next() < 0.4 ? -1 : 1) * Math.exp(40 * (next() - 0.5));
  const made = Float32Array.from({ length: 5000 }, kind === "wide" ? wide : () => 1000 + next());
  if (kind === "wide") made.set([0, -0, 0, -0], 100);
  return made;
}

describe("a ramp by rank", () => {
  it.each(["wide", "narrow"] as const)("has as many points in each step (%s)", (kind) => {
    const values = numbers(kind);
    const slots = rampSlots(values, column(values), QUANTILE);
    const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    order.forEach((index, rank) => {
      const step = Math.floor((rank / values.length) * 256);
      expect(Math.abs((slots[index] ?? 0) - step)).toBeLessThanOrEqual(2);
    });
    for (let at = 1; at < order.length; at++) {
      expect(slots[order[at] ?? 0]).toBeGreaterThanOrEqual(slots[order[at - 1] ?? 0] ?? 0);
    }
    if (kind === "wide") expect(slots[100]).toBe(slots[101]);
  });
});

describe("the scale that is chosen where none is", () => {
  /** Quantiles of a distribution, in another order. */
  const spread = (n: number, at: (share: number) => number) =>
    Float32Array.from({ length: n }, (_, i) => at((((i * 7919) % n) + 0.5) / n));
  const normal = (share: number) => Math.log(share / (1 - share));
  const chosen = (values: Float32Array, part: Partial<Column> = {}) =>
    rampScale(values, { ...column(values), ...part }, AUTOMATIC_RAMP);

  it("is linear for what is even, logarithmic for what is skewed, by rank for the rest", () => {
    expect(chosen(spread(2000, normal)).transform).toBe("linear");
    expect(chosen(spread(2000, (share) => share)).transform).toBe("linear");
    expect(chosen(spread(2000, (share) => Math.exp(3 * normal(share)))).transform).toBe("log");
    // Prices, of which some are absurd; counts that fall like the words of a language.
    const zipf = spread(5000, (share) => 5e6 / (5000 * share + 2.7));
    expect(chosen(zipf).transform).toBe("log");
    const heap = (share: number) => (share < 0.05 ? 1 : share > 0.95 ? 1e6 : 1000) + share;
    expect(chosen(spread(2000, heap)).transform).toBe("quantile");
  });

  it("is even for few values, for one, and for times", () => {
    expect(chosen(Float32Array.of(1, 10, 1e6)).transform).toBe("linear");
    expect(chosen(new Float32Array(500).fill(3)).transform).toBe("linear");
    const skewed = spread(2000, (share) => Math.exp(3 * normal(share)));
    expect(chosen(skewed, { kind: "time" }).transform).toBe("linear");
  });

  it("ends at 1 % and 99 % where the rest reaches far, and says how many lie beyond", () => {
    const values = spread(2000, (share) => share);
    values[0] = 500;
    values[1] = 900;
    const { ends } = chosen(values);
    expect(ends[0]).toBe(Math.min(...values));
    expect(ends[1]).toBeCloseTo(0.99, 2);
    const style = { ...plainStyle("light"), ramp: AUTOMATIC_RAMP };
    const legend = rampLegend(column(values), values, style);
    expect(legend.nBelow).toBe(0);
    expect(legend.nAbove).toBeGreaterThanOrEqual(15);
    expect(legend.nAbove).toBeLessThanOrEqual(25);
    expect(legend.counts.reduce((sum, each) => sum + each, 0)).toBe(2000);
    expect(rampSlots(values, column(values), AUTOMATIC_RAMP)[1]).toBe(255);
    const even = spread(2000, (share) => share);
    expect(chosen(even).ends).toEqual([Math.min(...even), Math.max(...even)]);
  });

  it("says of nothing that it lies beyond ends that hold everything", () => {
    const values = spread(500, (share) => (share < 0.5 ? 0.1 : 1 - 0.01 * share));
    const exact = { ...column(values), minimum: 0.1, maximum: Math.max(...values) - 1e-9 };
    for (const transform of ["linear", "log", "quantile"] as const) {
      const style = { ...plainStyle("light"), ramp: { transform, kind: "sequential" } as const };
      expect(rampLegend(exact, values, style)).toMatchObject({ nBelow: 0, nAbove: 0 });
    }
  });

  it("has the ends that were set, in the column that they were set for", () => {
    const values = spread(500, (share) => share * 100);
    const range = { column: "value", low: 20, high: 40 };
    const own = { ...AUTOMATIC_RAMP, range };
    expect(rampScale(values, column(values), own).ends).toEqual([20, 40]);
    const other = { ...column(values), name: "another" };
    expect(rampScale(values, other, own).ends[1]).toBeGreaterThan(99);
    for (const transform of ["linear", "log", "quantile"] as const) {
      const scale = rampScale(values, column(values), { transform, kind: "sequential", range });
      expect(scale.shareOf(20)).toBeCloseTo(0, 1);
      expect(scale.shareOf(40)).toBeCloseTo(1, 1);
      expect(scale.shareOf(scale.valueAt(0.5))).toBeCloseTo(0.5, 1);
    }
  });
});

describe("a ramp with fixed ends", () => {
  const fixed = (values: Float32Array): Column => ({ ...column(values), span: [0, 1] });

  it("is the same whatever the values are", () => {
    const few = Float32Array.of(0.4, 0.5, 0.6);
    const scale = rampScale(few, fixed(few), AUTOMATIC_RAMP);
    expect([scale.valueAt(0), scale.valueAt(1), scale.transform]).toEqual([0, 1, "linear"]);
    const alike = Float32Array.of(1, 1, 1);
    expect([...rampSlots(alike, fixed(alike), AUTOMATIC_RAMP)]).toEqual([255, 255, 255]);
  });

  it("counts what lies beyond them and shows it in the histogram", () => {
    const values = Float32Array.of(0.25, 0.5, 1.5, 2);
    const legend = rampLegend(fixed(values), values, {
      ...plainStyle("light"),
      ramp: AUTOMATIC_RAMP,
    });
    expect([legend.minimum, legend.maximum, legend.nBelow, legend.nAbove]).toEqual([0, 1, 0, 2]);
    expect(legend.whole.valueAt(1)).toBe(2);
    expect(legend.counts.reduce((sum, n) => sum + n)).toBe(4);
  });

  it("gives way to ends that a person set", () => {
    const values = Float32Array.of(0.25, 0.5, 0.75);
    const range = { column: "value", low: 0.2, high: 0.8 };
    const scale = rampScale(values, fixed(values), { ...AUTOMATIC_RAMP, range });
    expect([scale.valueAt(0), scale.valueAt(1)]).toEqual([0.2, 0.8]);
  });
});
