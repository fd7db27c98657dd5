import { describe, expect, it } from "vitest";
import { HOME_2D, projectPoint, viewOf } from "../../../src/model/camera/camera";
import { hairlinePainter } from "../../../src/render/overlay/hairlines";
import { placesOf } from "../../../src/render/overlay/places";
import { Scene } from "../../../src/render/scene/scene";
import { pointAt } from "../../../src/render/scene/transition";
import { FLAG } from "../../../src/render/scene/types";
import { fakePaper } from "../../fakes/fake-canvas";

const THEME = {
  background: "#fff",
  text: "#000",
  textHalo: "#fff",
  ghost: "#ddd",
  selectedRing: "#000",
  hoverRing: "#00f",
  axes: "#ccc",
};

const VIEW = viewOf(HOME_2D, { width: 400, height: 300 });

function painted(rows: readonly number[], ends: readonly number[], flags: readonly number[] = []) {
  const scene = new Scene();
  // Far from the origin: what is drawn is moved and scaled to be seen.
  scene.setPositions({ values: Float32Array.of(90, 50, 110, 50, 100, 60), dims: 2 }, 0, 0);
  const bytes = new Uint8Array(3);
  bytes.set(flags);
  scene.setFlags(bytes);
  const starts: number[][] = [];
  const stops: number[][] = [];
  const context = Object.assign(fakePaper(), {
    beginPath: () => undefined,
    moveTo: (x: number, y: number) => starts.push([x, y]),
    lineTo: (x: number, y: number) => stops.push([x, y]),
    arc: () => undefined,
    fill: () => undefined,
    stroke: () => undefined,
  });
  const paint = hairlinePainter({ rows, ends: Float32Array.from(ends), dims: 2 });
  paint(context, placesOf(scene, VIEW), THEME);
  const on = (row: number) => {
    const { x, y } = projectPoint(VIEW, pointAt(scene.transition, row) ?? [0, 0, 0]);
    return [x, y];
  };
  return { starts: starts.slice(0, stops.length), stops, on };
}

describe("hairlines", () => {
  it("lead from points to places that are given in the unit of the positions", () => {
    const { starts, stops, on } = painted([0, 2], [110, 50, 90, 50]);
    expect(starts).toHaveLength(2);
    for (const [at, expected] of [on(0), on(2)].entries()) {
      expect(starts[at]?.[0]).toBeCloseTo(expected[0] ?? 0, 3);
      expect(starts[at]?.[1]).toBeCloseTo(expected[1] ?? 0, 3);
    }
    for (const [at, expected] of [on(1), on(0)].entries()) {
      expect(stops[at]?.[0]).toBeCloseTo(expected[0] ?? 0, 3);
      expect(stops[at]?.[1]).toBeCloseTo(expected[1] ?? 0, 3);
    }
  });

  it("are none of what is filtered out, hidden, not there, or has no other place", () => {
    const flags = [FLAG.ghost, FLAG.hidden, 0];
    const ends = [110, 50, 110, 50, Number.NaN, 0, 110, 50];
    expect(painted([0, 1, 2, 9], ends, flags).stops).toEqual([]);
  });
});
