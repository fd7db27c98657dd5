import { expect, it, vi } from "vitest";
import { byPair } from "../../../src/model/data/by-pair";

it("finds a result once for the same two objects, also one that is null", () => {
  const [one, other] = [{ n: 1 }, { n: 2 }];
  const find = vi.fn((a: { n: number }, b: { n: number }) => (a === b ? null : [a.n, b.n]));
  const found = byPair(find);
  expect(found(one, other)).toEqual([1, 2]);
  expect(found(one, other)).toBe(found(one, other));
  expect(found(other, one)).toEqual([2, 1]);
  expect([found(one, one), found(one, one)]).toEqual([null, null]);
  expect(find).toHaveBeenCalledTimes(3);
});
