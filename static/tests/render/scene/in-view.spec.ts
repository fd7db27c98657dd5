import { describe, expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import { shareInView } from "../../../src/render/scene/in-view";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";

const viewport = { width: 200, height: 100 };
const at = (x: number, zoom: number) =>
  viewOf({ ...HOME_2D, target: [x, 0, 0], zoom }, viewport, 0, 1);

function sceneOf(xs: readonly number[]): Scene {
  const scene = new Scene();
  scene.setPositions({ values: Float32Array.from(xs.flatMap((x) => [x, 0])), dims: 2 }, 0, 0);
  return scene;
}

describe("the share of the points in view", () => {
  it("is all at home, and none far away", () => {
    const scene = sceneOf([-1, -0.5, 0, 1]);
    expect(shareInView(scene, at(0, 1))).toBe(1);
    expect(shareInView(scene, at(1, 100))).toBe(0.25);
    expect(shareInView(scene, at(40, 1))).toBe(0);
  });

  it("counts neither what is hidden nor what has no position", () => {
    const scene = sceneOf([-1, Number.NaN, 0, 1]);
    scene.setFlags(Uint8Array.of(0, 0, FLAG.hidden, FLAG.ghost));
    expect(shareInView(scene, at(1, 100))).toBe(0.5);
    expect(shareInView(sceneOf([]), at(0, 1))).toBe(1);
  });

  it("finds one among many that a sample passes over", () => {
    const scene = sceneOf(Array.from({ length: 20_001 }, (_, i) => (i === 7 ? 1 : -1)));
    const share = shareInView(scene, at(1, 100));
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1e-4);
  });
});
