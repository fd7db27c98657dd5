import { describe, expect, it } from "vitest";
import { PointBuffers } from "../../../src/render/gpu/point-buffers";
import { Shared } from "../../../src/render/gpu/shared";
import { Scene } from "../../../src/render/scene/scene";
import { fakeGl } from "../../fakes/fake-gl";

const N = 64;

function views(nViews: number) {
  const fake = fakeGl();
  const shared = new Shared(fake.gl);
  const all = Array.from({ length: nViews }, (_, at) => {
    const meter = { bytes: 0 };
    const scene = new Scene();
    const values = Float32Array.from({ length: N * 2 }, (_, i) => i * (at + 1));
    scene.setPositions({ values, dims: 2 }, 0, 0);
    return { scene, meter, buffers: new PointBuffers(shared, meter) };
  });
  const uploaded = () =>
    all.map(({ scene, meter, buffers }) => {
      const before = meter.bytes;
      buffers.sync(scene);
      return meter.bytes - before;
    });
  return { fake, shared, all, uploaded };
}

describe("views of the same points", () => {
  it("upload colors, flags and draw order once, and positions each", () => {
    const { all, uploaded } = views(4);
    const codes = new Uint16Array(N);
    const flags = new Uint8Array(N);
    for (const { scene } of all) {
      scene.setColoring({ codes, palette: new Uint8Array(4) });
      scene.setFlags(flags);
    }
    expect(uploaded()).toEqual([N * (8 + 2 + 1 + 4), N * 8, N * 8, N * 8]);
    const other = new Uint16Array(N).fill(3);
    for (const { scene } of all) scene.setColoring({ codes: other, palette: new Uint8Array(4) });
    expect(uploaded()).toEqual([N * 2, 0, 0, 0]);
  });

  it("upload what is not the same by themselves", () => {
    const { all, uploaded } = views(2);
    uploaded();
    for (const { scene } of all) scene.setFlags(new Uint8Array(N));
    expect(uploaded()).toEqual([N, N]);
  });

  it("free an array when the last of them lets it go", () => {
    const { fake, all, uploaded } = views(2);
    const [one, other] = all;
    const codes = new Uint16Array(N);
    for (const { scene } of all) scene.setColoring({ codes, palette: new Uint8Array(4) });
    uploaded();
    const freed = () => fake.of("deleteBuffer").length;
    const before = freed();
    one?.scene.setColoring({ codes: new Uint16Array(N), palette: new Uint8Array(4) });
    uploaded();
    expect(freed()).toBe(before);
    other?.scene.setColoring({ codes: new Uint16Array(N), palette: new Uint8Array(4) });
    uploaded();
    expect(freed()).toBe(before + 1);
  });

  it("compile a program once", () => {
    const { fake, shared } = views(0);
    const kinds = { size: "float" } as const;
    expect(shared.program("a", "b", kinds)).toBe(shared.program("a", "b", kinds));
    expect(shared.program("a", "c", kinds)).not.toBe(shared.program("a", "b", kinds));
    expect(fake.of("createProgram")).toHaveLength(2);
    shared.dispose();
    expect(fake.of("deleteProgram")).toHaveLength(2);
  });
});
