import { describe, expect, it } from "vitest";
import { nearestId } from "../../../src/render/gpu/gpu-picking";

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
