import { describe, expect, it } from "vitest";
import { trailPainter } from "../../../src/render/overlay/trails";
import type { Places, Theme } from "../../../src/render/scene/types";

const THEME = { text: "black", selectedRing: "red" } as Theme;

/** Points stand at ten times their number; 9 is hidden. */
const PLACES: Places = {
  pointAt: (index) => (index === 9 ? null : { x: 10 * index, y: 0, depth: 0.5 }),
  placeAt: (values, offset) => {
    const [x, y] = [values[offset] ?? Number.NaN, values[offset + 1] ?? Number.NaN];
    return Number.isNaN(x) ? null : { x, y, depth: 0.5 };
  },
};

/** What is drawn, call by call. */
function drawn(painter: ReturnType<typeof trailPainter>): readonly string[] {
  const calls: string[] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get: (known, name) =>
      known[String(name)] ??
      ((...given: number[]) => calls.push(`${String(name)} ${given.slice(0, 2).join(" ")}`.trim())),
    set: (known, name, value) => {
      known[String(name)] = value;
      return true;
    },
  });
  painter(context as unknown as CanvasRenderingContext2D, PLACES, THEME);
  return calls;
}

describe("trails", () => {
  it("lead from where a point was to where it is, and stay away from hidden ones", () => {
    const from = Float32Array.from([0, 20, 5, 5]);
    const calls = drawn(trailPainter({ rows: Uint32Array.from([4, 9]), from, dims: 2 }, null));
    expect(calls.filter((call) => /To/.test(call))).toEqual([
      "moveTo 0 20",
      "lineTo 20 10",
      "moveTo 20 10",
      "lineTo 40 0",
    ]);
  });

  it("of selected points go through all steps, with gaps where a step lacks them", () => {
    const places = Float32Array.from([1, 1, 2, 2, Number.NaN, Number.NaN, 3, 3, 4, 4]);
    const calls = drawn(trailPainter(null, { rows: [4], step: 4, nSteps: 5, places, dims: 2 }));
    expect(calls.filter((call) => /To|arc/.test(call))).toEqual([
      "moveTo 1 1",
      "lineTo 2 2",
      "moveTo 3 3",
      "lineTo 4 4",
      ...[1, 2, 3, 4].flatMap((at) => [`moveTo ${at + 2} ${at}`, `arc ${at} ${at}`]),
    ]);
  });
});
