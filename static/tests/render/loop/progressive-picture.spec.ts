import { describe, expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import type { Frame } from "../../../src/render/gpu/frame";
import { Renderer } from "../../../src/render/gpu/renderer";
import { Shared } from "../../../src/render/gpu/shared";
import { FrameBudget } from "../../../src/render/loop/frame-budget";
import { ProgressivePicture } from "../../../src/render/loop/progressive-picture";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";
import { fakeGl } from "../../fakes/fake-gl";

const N = 250_000;
const BLACK = [0, 0, 0, 1] as const;

function frame(): Frame {
  const view = viewOf(HOME_2D, { width: 400, height: 300 });
  const input = { nPoints: N, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  const colors = {
    background: BLACK,
    text: BLACK,
    textHalo: BLACK,
    ghost: BLACK,
    selectedRing: BLACK,
    hoverRing: BLACK,
    axes: BLACK,
  };
  const appearance = appearanceOf(view, input);
  return { view, appearance, colors, pixelRatio: 1, width: 400, height: 300 };
}

function set() {
  const fake = fakeGl();
  const share = new FrameBudget().join();
  const picture = new ProgressivePicture(
    fake.gl,
    { begin: () => undefined },
    new Renderer(new Shared(fake.gl), { bytes: 0 }),
    // Parts of always the same size.
    { ...share, recordPart: () => undefined, restMilliseconds: 0 },
  );
  const scene = new Scene();
  scene.setPositions({ values: new Float32Array(N * 2), dims: 2 }, 0, 0);
  const drawn = () => {
    const counts = fake.of("drawElements").map(({ args }) => args[1]);
    fake.calls.length = 0;
    return counts;
  };
  return { fake, picture, scene, drawn };
}

describe("a progressive picture", () => {
  it("is drawn in parts, and shown when it is whole", () => {
    const { fake, picture, scene, drawn } = set();
    picture.begin(frame());
    expect(picture.step(scene)).toBe(false);
    expect(drawn()).toEqual([100_000]);
    expect(picture.step(scene)).toBe(false);
    expect(fake.of("blitFramebuffer")).toHaveLength(0);
    expect(drawn()).toEqual([100_000]);
    expect(picture.step(scene)).toBe(true);
    expect(fake.of("blitFramebuffer")).toHaveLength(1);
    expect(drawn()).toEqual([50_000]);
    expect(picture.isBegun).toBe(false);
  });

  it("goes through all layers", () => {
    const { picture, scene, drawn } = set();
    const flags = new Uint8Array(N);
    flags[5] = FLAG.selected;
    scene.setFlags(flags);
    picture.begin(frame());
    let nSteps = 0;
    while (!picture.step(scene)) nSteps++;
    expect(nSteps).toBe(3);
    expect(drawn()).toEqual([100_000, 100_000, 50_000, 1]);
  });

  it("waits while the GPU is busy", () => {
    const { fake, picture, scene, drawn } = set();
    picture.begin(frame());
    picture.step(scene);
    drawn();
    fake.isIdle = false;
    expect(picture.step(scene)).toBe(false);
    expect(drawn()).toEqual([]);
    expect(picture.hasWork).toBe(true);
    fake.isIdle = true;
    picture.step(scene);
    expect(drawn()).toEqual([100_000]);
  });

  it("is abandoned, and begins anew", () => {
    const { fake, picture, scene, drawn } = set();
    picture.begin(frame());
    picture.step(scene);
    picture.step(scene);
    drawn();
    picture.abandon();
    expect(picture.hasWork).toBe(false);
    expect(picture.step(scene)).toBe(false);
    expect(drawn()).toEqual([]);
    picture.begin(frame());
    picture.step(scene);
    expect(fake.of("clear").length).toBeGreaterThan(0);
    expect(drawn()).toEqual([100_000]);
  });

  it("measures only what can take long", () => {
    const { picture } = set();
    picture.measure(100);
    expect(picture.hasWork).toBe(false);
    picture.measure(100_000);
    expect(picture.hasWork).toBe(true);
  });
});
