import { describe, expect, it } from "vitest";
import { rampSlots } from "../../../src/model/color/ramp";
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
