import { describe, expect, it } from "vitest";
import { HOME_3D, viewOf } from "../../../src/model/camera/camera";
import type { Frame } from "../../../src/render/gpu/frame";
import { Renderer } from "../../../src/render/gpu/renderer";
import { Shared } from "../../../src/render/gpu/shared";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";
import { fakeGl } from "../../fakes/fake-gl";

const N = 20_000;
const BLACK = [0, 0, 0, 1] as const;
const COLORS = {
  background: BLACK,
  text: BLACK,
  textHalo: BLACK,
  ghost: BLACK,
  selectedRing: BLACK,
  hoverRing: BLACK,
  axes: BLACK,
};
const SHEET = {
  image: { width: 64, height: 64 } as ImageBitmap,
  tileWidth: 8,
  tileHeight: 8,
  columns: 8,
  nTiles: 64,
};

function frame(): Frame {
  const view = viewOf(HOME_3D, { width: 400, height: 300 });
  const input = { nPoints: N, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  const appearance = appearanceOf(view, input);
  return { view, appearance, colors: COLORS, pixelRatio: 1, width: 400, height: 300 };
}

function sceneOf(flagged: readonly number[] = []): Scene {
  const scene = new Scene();
  const values = Float32Array.from({ length: N * 3 }, (_, i) => (i * 7919) % 1000);
  scene.setPositions({ values, dims: 3 }, 0, 0);
  const flags = new Uint8Array(N);
  flags.set(flagged);
  scene.setFlags(flags);
  return scene;
}

function rendererOf(hasExtensions = true) {
  const fake = fakeGl({ hasExtensions });
  const shared = new Shared(fake.gl);
  const renderer = new Renderer(shared, { bytes: 0 });
  const drawn = () => {
    const counts = fake.of("drawElements").map(({ args }) => args[1]);
    fake.calls.length = 0;
    return counts;
  };
  return { fake, shared, renderer, drawn };
}

describe("the layers of a picture", () => {
  it("stand in their order, and only where there is something to draw", () => {
    const { renderer } = rendererOf();
    const layers = (scene: Scene) => renderer.layersOf(scene).map(({ name, size }) => [name, size]);
    expect(layers(new Scene())).toEqual([]);
    expect(layers(sceneOf())).toEqual([["plain", N]]);
    const scene = sceneOf([FLAG.ghost, FLAG.neighbor, FLAG.selected, FLAG.selected, FLAG.hidden]);
    scene.setEdges(new Uint32Array([1, 2]));
    expect(layers(scene)).toEqual([
      ["ghost", N],
      ["plain", N],
      ["lines", 1],
      ["neighbor", 1],
      ["selected", 2],
    ]);
  });

  it("are drawn by the first pass that can", () => {
    const { renderer } = rendererOf();
    const passes = (scene: Scene) =>
      renderer.layersOf(scene).map(({ name, pass }) => `${name} by ${pass.constructor.name}`);
    const scene = sceneOf([FLAG.ghost, FLAG.selected]);
    expect(passes(scene)).toEqual([
      "ghost by PointsPass",
      "plain by PointsPass",
      "selected by PointsPass",
    ]);
    scene.isDensity = true;
    expect(passes(scene)).toEqual([
      "ghost by PointsPass",
      "plain by DensityPass",
      "selected by PointsPass",
    ]);
    // Images are single things: there is no density of them.
    scene.setSprites(SHEET);
    scene.areSpritesShown = true;
    expect(passes(scene)).toEqual([
      "ghost by SpritesPass",
      "plain by SpritesPass",
      "selected by SpritesPass",
    ]);
  });

  it("have a density of the emphasized points where there are no others", () => {
    const { renderer } = rendererOf();
    const scene = sceneOf();
    scene.setFlags(new Uint8Array(N).fill(FLAG.selected));
    expect(renderer.layersOf(scene).map(({ name }) => name)).toEqual(["selected"]);
    scene.isDensity = true;
    expect(renderer.layersOf(scene).map(({ name }) => name)).toEqual(["plain", "selected"]);
  });

  it("have points where the browser cannot draw a density", () => {
    const { renderer } = rendererOf(false);
    const scene = sceneOf();
    scene.isDensity = true;
    expect(renderer.layersOf(scene).map(({ pass }) => pass.constructor.name)).toEqual([
      "PointsPass",
    ]);
  });
});

describe("a picture", () => {
  it("is drawn in part, but for a few emphasized points", () => {
    const { renderer, drawn } = rendererOf();
    const scene = sceneOf([FLAG.selected, FLAG.selected, FLAG.ghost]);
    renderer.draw(scene, frame());
    expect(drawn()).toEqual([N, N, 2]);
    renderer.draw(scene, frame(), N / 10);
    expect(drawn()).toEqual([N / 10, N / 10, 2]);
    expect(renderer.drawCalls).toBe(3);
  });

  it("hides points behind others only where they are solid, and never by ghosts", () => {
    const { fake, renderer } = rendererOf();
    renderer.draw(sceneOf([FLAG.ghost]), frame());
    // Ghosts, then plain points; writing depth is on again after each.
    expect(fake.of("depthMask").map(({ args }) => args[0])).toEqual([false, true, true, true]);
  });

  it("compiles the density's programs only when one is drawn", () => {
    const { fake, renderer } = rendererOf();
    const before = fake.of("createProgram").length;
    const scene = sceneOf();
    renderer.draw(scene, frame());
    expect(fake.of("createProgram")).toHaveLength(before);
    scene.isDensity = true;
    renderer.draw(scene, frame());
    renderer.draw(scene, frame());
    expect(fake.of("createProgram")).toHaveLength(before + 4);
    expect(renderer.drawCalls).toBe(5);
  });

  it("gives back all that it made", () => {
    const { fake, shared, renderer } = rendererOf();
    const scene = sceneOf([FLAG.selected]);
    scene.isDensity = true;
    renderer.draw(scene, frame());
    renderer.dispose();
    // Programs stay for other views of the same context.
    expect(fake.of("deleteProgram")).toEqual([]);
    shared.dispose();
    for (const kind of ["Program", "Buffer", "Texture", "Framebuffer", "VertexArray"]) {
      const made = kind === "Buffer" ? "createBuffer" : `create${kind}`;
      expect([kind, fake.of(`delete${kind}`).length]).toEqual([kind, fake.of(made).length]);
    }
  });
});
