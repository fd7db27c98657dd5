import { expect, it } from "vitest";
import { isEqual } from "../../../src/model/data/equality";

it("compares by content, however deep", () => {
  expect(isEqual({ a: [1, { b: "x" }], c: null }, { c: null, a: [1, { b: "x" }] })).toBe(true);
  expect(isEqual([Number.NaN], [Number.NaN])).toBe(true);
  expect(isEqual([], [])).toBe(true);
});

it("sees every difference", () => {
  const base = { a: [1, 2], b: "x" };
  for (const other of [
    { a: [1, 2] },
    { a: [1, 2], b: "x", c: undefined },
    { a: [1, 2], c: "x" },
    { a: [1, 3], b: "x" },
    { a: [1, 2, 3], b: "x" },
    { a: { 0: 1, 1: 2 }, b: "x" },
    null,
    "x",
  ]) {
    expect(isEqual(base, other)).toBe(false);
    expect(isEqual(other, base)).toBe(false);
  }
});

it("takes anything that is not plain by identity", () => {
  const rows = Uint32Array.of(1, 2);
  expect(isEqual({ rows }, { rows })).toBe(true);
  expect(isEqual({ rows }, { rows: rows.slice() })).toBe(false);
  expect(isEqual(new Map(), new Map())).toBe(false);
});
