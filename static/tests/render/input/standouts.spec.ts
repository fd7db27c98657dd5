import { describe, expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import { pointsInRegion } from "../../../src/render/input/lasso";
import { standouts } from "../../../src/render/input/standouts";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";

const N = 5000;

/** Points on a spiral that fills the plot. */
function scene(n = N): Scene {
  const made = new Scene();
  const values = new Float32Array(2 * n);
  for (let at = 0; at < n; at++) {
    const radius = Math.sqrt(at / n);
    values.set([radius * Math.cos(2.4 * at), radius * Math.sin(2.4 * at)], 2 * at);
  }
  made.setPositions({ values, dims: 2 }, 0, 0);
  return made;
}

const view = (zoom: number) => viewOf({ ...HOME_2D, zoom }, { width: 800, height: 600 }, 0, 1);

describe("the points with names", () => {
  const importance = Float64Array.from({ length: N }, (_, at) => (at * 7919) % N);

  it("are some dozens at every zoom, the most important of all among them", () => {
    const most = importance.indexOf(N - 1);
    for (const zoom of [1, 2, 5]) {
      const found = standouts(scene(), view(zoom), importance);
      expect(found.length, `zoom ${zoom}`).toBeGreaterThanOrEqual(25);
      expect(found.length).toBeLessThanOrEqual(60);
      expect(new Set(found).size).toBe(found.length);
    }
    expect(standouts(scene(), view(1), importance)[0]).toBe(most);
  });

  it("are more important than what lies near them", () => {
    const found = [...standouts(scene(), view(1), importance)];
    const ranks = found.map((index) => importance[index] ?? 0);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(ranks[Math.floor(ranks.length / 2)]).toBeGreaterThan(0.8 * N);
  });

  it("are the same among very many", () => {
    const n = 60_000;
    const made = new Scene();
    const values = Float32Array.from({ length: 2 * n }, (_, at) => Math.sin(at * (1 + (at % 2))));
    made.setPositions({ values, dims: 2 }, 0, 0);
    const many = Float64Array.from({ length: n }, (_, at) => (at * 7919) % n);
    const found = standouts(made, view(1), many);
    expect(many[found[0] ?? 0]).toBe(n - 1);
    expect(found.length).toBeGreaterThan(15);
    const alike = standouts(made, view(1), new Float64Array(n));
    expect(alike.length).toBeGreaterThan(15);
  });

  it("are the most important in view, where a sample decides what is looked at", () => {
    const n = 300_000;
    const made = scene(n);
    const many = Float64Array.from({ length: n }, (_, at) => (at * 7919) % n);
    for (const zoom of [1, 2, 40]) {
      const all = { kind: "box", left: 0, top: 0, right: 800, bottom: 600 } as const;
      const inside = pointsInRegion(made, view(zoom), all);
      const first = inside.reduce((a, b) => ((many[b] ?? 0) > (many[a] ?? 0) ? b : a));
      expect(standouts(made, view(zoom), many)[0], `zoom ${zoom}`).toBe(first);
    }
  });

  it("are the first of the file where nothing says more, and none that is hidden", () => {
    const here = scene();
    expect(standouts(here, view(1), null)[0]).toBe(0);
    here.setFlags(new Uint8Array(N).fill(FLAG.ghost).fill(0, 100, 103));
    expect([...standouts(here, view(1), null)].every((at) => at >= 100 && at < 103)).toBe(true);
    const missing = new Float64Array(N).fill(Number.NaN);
    missing[102] = 1;
    expect(standouts(here, view(1), missing)[0]).toBe(102);
  });
});
