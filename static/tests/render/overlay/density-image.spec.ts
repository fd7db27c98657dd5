// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CountedDensity } from "../../../src/model/data/density";
import { densityPainter } from "../../../src/render/overlay/density-image";
import type { Places, Theme } from "../../../src/render/scene/types";

const DENSITY: CountedDensity = {
  state: "done",
  bounds: [-1, 1, -1, 1],
  sides: [2, 4],
  n_points: 9,
  n_placed: 9,
};
const THEME = { text: "black" } as Theme;

/** One unit is `scale` pixels, and y goes up. */
function placesAt(scale: number, isSeen = true): Places {
  return {
    pointAt: () => null,
    placeAt: (values, offset) =>
      isSeen
        ? { x: scale * (values[offset] ?? 0), y: -scale * (values[offset + 1] ?? 0), depth: 0.5 }
        : null,
  };
}

function painted(painter: ReturnType<typeof densityPainter>, places: Places): unknown[][] {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      calls.push([name, ...given]);
  const context = {
    save: note("save"),
    restore: note("restore"),
    transform: note("transform"),
    drawImage: note("drawImage"),
  };
  painter(context as unknown as CanvasRenderingContext2D, places, THEME);
  return calls;
}

beforeEach(() => {
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

describe("the image of a density", () => {
  it("lies where its bounds are, with low y below", () => {
    const levels = new Map([[2, Uint32Array.of(1, 2, 3, 4)]]);
    const calls = painted(densityPainter(DENSITY, levels, vi.fn()), placesAt(2));
    expect(calls.map(([name]) => name)).toEqual(["save", "transform", "drawImage", "restore"]);
    expect(calls[1]).toEqual(["transform", 2, 0, 0, -2, -2, 2]);
  });

  it("asks for the grid that fits the zoom, and shows what is there until it has come", () => {
    const want = vi.fn();
    const coarse = new Map([[2, new Uint32Array(4)]]);
    expect(painted(densityPainter(DENSITY, coarse, want), placesAt(2))).toHaveLength(4);
    expect(want).toHaveBeenLastCalledWith(2);
    const calls = painted(densityPainter(DENSITY, coarse, want), placesAt(40));
    expect(want).toHaveBeenLastCalledWith(4);
    expect(calls[1]?.[1]).toBe(40);
  });

  it("is nothing before a grid has come, and where it cannot be seen", () => {
    expect(painted(densityPainter(DENSITY, new Map(), vi.fn()), placesAt(2))).toEqual([]);
    const levels = new Map([[2, new Uint32Array(4)]]);
    const want = vi.fn();
    expect(painted(densityPainter(DENSITY, levels, want), placesAt(2, false))).toEqual([]);
    expect(want).not.toHaveBeenCalled();
  });
});
