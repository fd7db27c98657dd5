import { describe, expect, it } from "vitest";
import {
  drawOrder,
  drawRank,
  inDrawOrder,
  rowAtRank,
  wantedInDrawOrder,
} from "../../../src/render/scene/draw-order";

describe("the draw order", () => {
  it.each([0, 1, 7, 256, 1000, 70_001])("holds each of %d points once", (n) => {
    const order = drawOrder(n);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  it("draws no class of a sorted dataset last", () => {
    const last = drawOrder(10_000).slice(-500);
    const perTenth = new Set(Array.from(last, (index) => Math.floor(index / 1000)));
    expect(perTenth.size).toBe(10);
  });

  it("begins with an even sample of all points", () => {
    const first = drawOrder(100_000).subarray(0, 5000);
    const perTenth = new Uint32Array(10);
    for (const index of first) (perTenth[Math.floor(index / 10_000)] as number)++;
    expect(Math.min(...perTenth)).toBeGreaterThan(400);
    expect(Math.max(...perTenth)).toBeLessThan(600);
  });

  it.each([5, 256, 1000, 70_001])("ranks %d points as it draws them", (n) => {
    const ranks = Array.from(drawOrder(n), (index) => drawRank(index, n));
    expect(ranks.every((rank, at) => at === 0 || rank > (ranks[at - 1] ?? 0))).toBe(true);
  });

  it.each([5, 256, 1000, 70_001])("finds of %d the row of each rank, and sorts by it", (n) => {
    const order = drawOrder(n);
    for (const row of order) expect(rowAtRank(drawRank(row, n), n)).toBe(row);
    expect(inDrawOrder(order.slice().reverse(), n)).toEqual(order);
  });

  it.each([2, 3, 500, 5000])("finds the rows wanted, one of %d, as it draws them", (each) => {
    const n = 70_001;
    const bytes = Uint8Array.from({ length: n }, (_, at) => ((at * 31) % each === 1 ? 7 : 2));
    const wanted = drawOrder(n).filter((row) => bytes[row] === 7);
    const isWanted = new Uint8Array(256);
    isWanted[7] = 1;
    expect(wantedInDrawOrder(bytes, isWanted, wanted.length)).toEqual(wanted);
  });
});
