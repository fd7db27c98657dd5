import { describe, expect, it } from "vitest";
import { classOf } from "../../../src/render/scene/flag-facts";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";

const positions = (n: number) => ({
  values: Float32Array.from({ length: n * 2 }, (_, i) => i),
  dims: 2 as const,
});
const palette = new Uint8Array([1, 2, 3, 255]);

function sceneOf(n: number): Scene {
  const scene = new Scene();
  scene.setPositions(positions(n), 0, 0);
  return scene;
}

describe("classOf", () => {
  it("lets the strongest flag win", () => {
    expect(classOf(0)).toBe("plain");
    expect(classOf(FLAG.ghost | FLAG.neighbor)).toBe("neighbor");
    expect(classOf(FLAG.ghost | FLAG.neighbor | FLAG.selected)).toBe("selected");
    expect(classOf(15)).toBe("hidden");
  });
});

describe("flags", () => {
  it("are counted, and what is on top is listed with the selection last", () => {
    const scene = sceneOf(5);
    scene.setFlags(new Uint8Array([FLAG.selected, 0, FLAG.neighbor, FLAG.ghost, FLAG.hidden]));
    expect(scene.counts).toEqual({
      hidden: 1,
      ghost: 1,
      below: 0,
      plain: 1,
      neighbor: 1,
      selected: 1,
    });
    expect([...scene.emphasized]).toEqual([2, 0]);
  });
});

describe("another number of points", () => {
  it("drops colors, flags and edges of the old ones for good", () => {
    const scene = sceneOf(3);
    scene.setColoring({ codes: new Uint16Array([1, 2, 3]), palette });
    scene.setFlags(new Uint8Array([4, 4, 4]));
    scene.setEdges(new Uint32Array([0, 1]));
    scene.setPositions(positions(2), 500, 0);
    expect(scene.isMoving).toBe(false);
    expect([...scene.coloring.codes]).toEqual([0, 0]);
    expect([...scene.flags]).toEqual([0, 0]);
    expect(scene.edges.length).toBe(0);
    expect(scene.coloring.palette).toBe(palette);
    scene.setPositions(positions(3), 500, 0);
    expect([...scene.flags]).toEqual([0, 0, 0]);
    expect([...scene.coloring.codes]).toEqual([0, 0, 0]);
  });

  it("takes colors and flags that came ahead of their positions", () => {
    const scene = new Scene();
    scene.setColoring({ codes: new Uint16Array([1, 2]), palette });
    scene.setFlags(new Uint8Array([0, 4]));
    expect(scene.emphasized.length).toBe(0);
    scene.setPositions(positions(2), 0, 0);
    expect([...scene.coloring.codes]).toEqual([1, 2]);
    expect([...scene.emphasized]).toEqual([1]);
  });

  it("never draws with an empty palette", () => {
    const scene = sceneOf(1);
    scene.setColoring({ codes: new Uint16Array([0]), palette: new Uint8Array(0) });
    expect(scene.coloring.palette.length).toBeGreaterThanOrEqual(4);
  });
});

describe("a transition", () => {
  it("moves with the clock, ends, and then stands still", () => {
    const scene = sceneOf(4);
    scene.setPositions(positions(4), 100, 1000);
    expect(scene.advance(1050)).toBe(true);
    expect(scene.transition.progress).toBeCloseTo(0.5);
    expect(scene.advance(1100)).toBe(true);
    expect(scene.isMoving).toBe(false);
    expect(scene.advance(1200)).toBe(false);
  });

  it("starts a new one where the points are seen, at an even speed", () => {
    const scene = sceneOf(4);
    scene.setPositions({ values: new Float32Array([0, 3, 0, 2, 0, 1, 0, 0]), dims: 2 }, 100, 0);
    scene.advance(50);
    const before = scene.transition;
    scene.setPositions(positions(4), 100, 50);
    expect(scene.transition.from).not.toBe(before.to);
    scene.advance(75);
    expect(scene.transition.progress).toBeCloseTo(0.25);
  });

  it("does not happen in no time", () => {
    const scene = sceneOf(4);
    scene.setPositions(positions(4), 0, 0);
    expect(scene.isMoving).toBe(false);
  });
});
