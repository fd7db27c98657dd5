import { describe, expect, it } from "vitest";
import { edgeEnds } from "../../../src/render/gpu/lines";
import { layerOf } from "../../../src/render/scene/transition";

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

  it("gives each edge its own opacity", () => {
    const opacities = new Float32Array([0.25, 0.5]);
    const ends = edgeEnds(
      new Uint32Array([0, 1, 1, 0]),
      { from: null, to, progress: 1 },
      opacities,
    );
    expect([ends[12], ends[25]]).toEqual([0.25, 0.5]);
  });
});
