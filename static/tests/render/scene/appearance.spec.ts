import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, viewOf } from "../../../src/model/camera/camera";
import { appearanceOf } from "../../../src/render/scene/appearance";

const VIEWPORT = { width: 1200, height: 800 };

function look(nPoints: number, zoom = 1, mode: "2d" | "3d" = "2d", scales = {}) {
  const camera = mode === "2d" ? HOME_2D : HOME_3D;
  return appearanceOf(viewOf({ ...camera, zoom }, VIEWPORT), {
    nPoints,
    nEmphasized: 0,
    zoom,
    pointScale: 1,
    opacityScale: 1,
    ...scales,
  });
}

describe("appearanceOf", () => {
  it("draws many points smaller and fainter, but never invisible", () => {
    const counts = [1, 100, 2000, 50_000, 1_000_000];
    const sizes = counts.map((n) => look(n).pointSize);
    const opacities = counts.map((n) => look(n).opacity);
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
    expect([...opacities].sort((a, b) => b - a)).toEqual(opacities);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1.5);
    expect(Math.min(...opacities)).toBeGreaterThan(0.1);
    expect(look(0).pointSize).toBeGreaterThan(0);
  });

  it("grows with the zoom, slower than the space between the points", () => {
    expect(look(50_000, 4).pointSize / look(50_000).pointSize).toBeCloseTo(2);
    expect(look(50_000, 4).opacity).toBeGreaterThan(look(50_000).opacity);
    expect(look(1000, 1000).pointSize).toBeLessThan(50);
  });

  it("is solid in 3D, until a person wants to look through", () => {
    expect(look(1_000_000, 1, "3d")).toMatchObject({ opacity: 1, isSolid: true });
    expect(look(1_000_000, 1, "3d", { opacityScale: 0.3 }).isSolid).toBe(false);
    expect(look(1000, 1, "2d").isSolid).toBe(false);
  });

  it("follows the person's scales within bounds", () => {
    expect(look(2000, 1, "2d", { pointScale: 2 }).pointSize).toBeCloseTo(2 * look(2000).pointSize);
    expect(look(2000, 1, "2d", { opacityScale: 9 }).opacity).toBe(1);
  });

  it("gives few selected points full rings, many thin ones and very many none", () => {
    expect(look(2000, 1, "2d", { nEmphasized: 10 }).ringStrength).toBe(1);
    expect(look(2000, 1, "2d", { nEmphasized: 100_000 }).ringStrength).toBe(-1);
    expect(Math.abs(look(2000, 1, "2d", { nEmphasized: 700 }).ringStrength)).toBeLessThan(0.01);
  });
});
