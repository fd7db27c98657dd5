import { describe, expect, it } from "vitest";
import { nearestId } from "../../../src/render/gpu/gpu-picking";
import { edgeEnds } from "../../../src/render/gpu/lines";
import { dealtOrder } from "../../../src/render/scene/draw-order";
import { layerOf } from "../../../src/render/scene/transition";

describe("dealtOrder", () => {
  it.each([0, 1, 7, 256, 1000, 70_001])("holds each of %d points once", (n) => {
    const order = dealtOrder(n, 256);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  it("draws no class of a sorted dataset last", () => {
    const last = dealtOrder(10_000, 256).slice(-500);
    const perTenth = new Set(Array.from(last, (index) => Math.floor(index / 1000)));
    expect(perTenth.size).toBe(10);
  });
});

describe("nearestId", () => {
  function windowWith(...ids: readonly (readonly [number, number, number])[]): Uint8Array {
    const bytes = new Uint8Array(9 * 9 * 4);
    const view = new DataView(bytes.buffer);
    for (const [x, y, id] of ids) view.setUint32((y * 9 + x) * 4, id + 1, true);
    return bytes;
  }

  it("is nothing in an empty window", () => {
    expect(nearestId(windowWith(), 9)).toBeNull();
  });

  it("prefers the hit nearest to the middle", () => {
    expect(nearestId(windowWith([0, 0, 5], [5, 4, 7], [8, 8, 9]), 9)).toBe(7);
    expect(nearestId(windowWith([4, 4, 0], [5, 4, 7]), 9)).toBe(0);
  });

  it("keeps ids beyond 16 million", () => {
    expect(nearestId(windowWith([4, 4, 16_777_300]), 9)).toBe(16_777_300);
  });
});

describe("edgeEnds", () => {
  const from = layerOf({ values: new Float32Array([-1, 0, 1, 0]), dims: 2 });
  const to = layerOf({ values: new Float32Array([0, -2, 0, 2]), dims: 2 });

  it("gives both ends before and after the transition", () => {
    const ends = edgeEnds(new Uint32Array([0, 1]), { from, to, progress: 0.7 });
    expect([...ends]).toEqual([-1, 0, 0, 0, -1, 0, 1, 0, 0, 0, 1, 0, 1]);
  });

  it("gives no length to an edge without a point", () => {
    const ends = edgeEnds(new Uint32Array([0, 99]), { from: null, to, progress: 1 });
    expect([...ends]).toEqual([...new Array(12).fill(0), 1]);
  });
});
