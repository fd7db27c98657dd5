import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, viewOf } from "../../../src/model/camera/camera";
import { type Frame, fogUniform, guardBand, pointUniforms } from "../../../src/render/gpu/frame";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";

const VIEWPORT = { width: 400, height: 300 };
const BLACK = [0, 0, 0, 1] as const;

function frameOf(view: Frame["view"]): Frame {
  const input = { nPoints: 9, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  return {
    view,
    appearance: appearanceOf(view, input),
    colors: {
      background: BLACK,
      text: BLACK,
      textHalo: BLACK,
      ghost: BLACK,
      selectedRing: BLACK,
      hoverRing: BLACK,
      axes: BLACK,
    },
    pixelRatio: 1,
    ...VIEWPORT,
  };
}

function sceneOf(n: number): Scene {
  const scene = new Scene();
  scene.setPositions({ values: new Float32Array(n * 2).map((_, i) => i), dims: 2 }, 0, 0);
  return scene;
}

describe("the fog", () => {
  it("is there in perspective, unless it is switched off", () => {
    const scene = sceneOf(4);
    const deep = frameOf(viewOf(HOME_3D, VIEWPORT));
    expect(fogUniform(scene, deep)[2]).toBeGreaterThan(0.2);
    scene.hasFog = false;
    expect(fogUniform(scene, deep)[2]).toBe(0);
    scene.hasFog = true;
    expect(fogUniform(scene, frameOf(viewOf(HOME_2D, VIEWPORT)))[2]).toBe(0);
  });

  it("lets unselected points step back where some are selected", () => {
    const scene = sceneOf(4);
    const frame = frameOf(viewOf(HOME_2D, VIEWPORT));
    expect(fogUniform(scene, frame)[3]).toBe(0);
    scene.setFlags(new Uint8Array([FLAG.selected, 0, 0, 0]));
    expect(fogUniform(scene, frame)[3]).toBeGreaterThan(0);
    // Where all are selected there is nothing to step back.
    scene.setFlags(new Uint8Array(4).fill(FLAG.selected));
    expect(fogUniform(scene, frame)[3]).toBe(0);
  });
});

describe("the uniforms of points", () => {
  it("have one fit at rest, and both during a transition", () => {
    const scene = sceneOf(3);
    const view = viewOf(HOME_3D, VIEWPORT);
    const rest = pointUniforms(scene, view, view.matrix);
    expect(rest.fromFit).toEqual(rest.toFit);
    scene.setPositions({ values: new Float32Array([9, 9, 8, 8, 7, 7]), dims: 2 }, 100, 0);
    scene.advance(50);
    const moving = pointUniforms(scene, view, view.matrix);
    expect(moving.fromFit).not.toEqual(moving.toFit);
    expect(moving.toFit.slice(0, 2)).toEqual([8, 8]);
    expect(moving.progress).toBeCloseTo(0.5);
  });

  it("have no eye in a flat view", () => {
    const scene = sceneOf(3);
    const [deep, flat] = [viewOf(HOME_3D, VIEWPORT), viewOf(HOME_2D, VIEWPORT)];
    expect(pointUniforms(scene, deep, deep.matrix).eyeDistance).toBeGreaterThan(0);
    expect(pointUniforms(scene, flat, flat.matrix).eyeDistance).toBe(0);
  });
});

describe("the guard band", () => {
  it("adds whole pixels on every side, and leaves the points where they are", () => {
    const { matrix } = viewOf(HOME_2D, VIEWPORT);
    const band = guardBand(matrix, 400, 300, 9.2);
    expect(band).toMatchObject({ x: -10, y: -10, width: 420, height: 320 });
    const pixelX = (m: typeof matrix, width: number, left: number) =>
      (((m[0] as number) * 0.5 + (m[12] as number) + 1) / 2) * width + left;
    expect(pixelX(band.matrix, band.width, band.x)).toBeCloseTo(pixelX(matrix, 400, 0), 9);
  });
});
