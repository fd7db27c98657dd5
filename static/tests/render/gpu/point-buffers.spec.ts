import { describe, expect, it } from "vitest";
import { PointBuffers } from "../../../src/render/gpu/point-buffers";
import { Shared } from "../../../src/render/gpu/shared";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";
import { fakeGl } from "../../fakes/fake-gl";

const N = 100;

function positions(offset: number) {
  return { values: Float32Array.from({ length: N * 2 }, (_, i) => i + offset), dims: 2 as const };
}

function set() {
  const fake = fakeGl();
  const meter = { bytes: 0 };
  const buffers = new PointBuffers(new Shared(fake.gl), meter);
  const scene = new Scene();
  scene.setPositions(positions(0), 0, 0);
  const uploaded = () => {
    const before = meter.bytes;
    buffers.sync(scene);
    return meter.bytes - before;
  };
  return { fake, buffers, scene, uploaded };
}

describe("point buffers", () => {
  it("upload positions, codes, flags and draw order once", () => {
    const { uploaded } = set();
    expect(uploaded()).toBe(N * (8 + 2 + 1 + 4));
    expect(uploaded()).toBe(0);
  });

  it("upload two bytes per point for other colors, and one for other flags", () => {
    const { scene, uploaded } = set();
    uploaded();
    scene.setColoring({ codes: new Uint16Array(N), palette: new Uint8Array(8) });
    expect(uploaded()).toBe(N * 2);
    const flags = new Uint8Array(N);
    flags[3] = FLAG.selected;
    scene.setFlags(flags);
    // And the rows of the emphasized points.
    expect(uploaded()).toBe(N + 4);
  });

  it("upload only the end of a transition: its start is there already", () => {
    const { scene, uploaded } = set();
    uploaded();
    scene.setPositions(positions(5), 100, 0);
    expect(uploaded()).toBe(N * 8);
    scene.advance(50);
    expect(uploaded()).toBe(0);
    scene.advance(100);
    expect(uploaded()).toBe(0);
  });

  it("draw a part of the draw order", () => {
    const { fake, buffers, uploaded } = set();
    uploaded();
    fake.calls.length = 0;
    buffers.drawInOrder({ first: 20, count: 30, total: 100 });
    const { gl } = fake;
    expect(fake.of("drawElements").map(({ args }) => args)).toEqual([
      [gl.POINTS, 30, gl.UNSIGNED_INT, 80],
    ]);
  });

  it("draw selected points from after the neighbors", () => {
    const { fake, buffers, scene, uploaded } = set();
    const flags = new Uint8Array(N);
    flags.set([FLAG.selected, FLAG.neighbor, FLAG.neighbor, FLAG.selected]);
    scene.setFlags(flags);
    uploaded();
    fake.calls.length = 0;
    buffers.drawEmphasized("neighbor", scene.counts, { first: 0, count: 2, total: 2 });
    buffers.drawEmphasized("selected", scene.counts, { first: 1, count: 1, total: 2 });
    expect(fake.of("drawElements").map(({ args }) => args.slice(1, 4))).toEqual([
      [2, fake.gl.UNSIGNED_INT, 0],
      [1, fake.gl.UNSIGNED_INT, 12],
    ]);
  });

  it("give back what they made", () => {
    const { fake, buffers } = set();
    buffers.dispose();
    for (const kind of ["Buffer", "VertexArray", "Texture"]) {
      expect(fake.of(`delete${kind}`)).toHaveLength(fake.of(`create${kind}`).length);
    }
  });
});
