import { describe, expect, it } from "vitest";
import { edgePlace } from "../../../src/render/overlay/off-screen-arrow";

const VIEWPORT = { width: 400, height: 200 };

describe("an arrow towards a point outside of the picture", () => {
  it("is not there where the point is inside", () => {
    for (const [x, y] of [
      [0, 0],
      [400, 200],
      [200, 100],
    ] as const) {
      expect(edgePlace(VIEWPORT, x, y)).toBeNull();
    }
  });

  it("stands at the edge, on the way from the middle to the point", () => {
    expect(edgePlace(VIEWPORT, 4000, 100)).toEqual({ x: 384, y: 100, angle: 0 });
    expect(edgePlace(VIEWPORT, 200, -50)?.y).toBeCloseTo(16);
    for (let turn = 0; turn < 64; turn++) {
      const angle = (turn / 32) * Math.PI;
      const place = edgePlace(VIEWPORT, 200 + 900 * Math.cos(angle), 100 + 900 * Math.sin(angle));
      expect(place).not.toBeNull();
      if (!place) continue;
      expect(place.x).toBeGreaterThanOrEqual(15.99);
      expect(place.x).toBeLessThanOrEqual(384.01);
      expect(place.y).toBeGreaterThanOrEqual(15.99);
      expect(place.y).toBeLessThanOrEqual(184.01);
      const isOnBorder = [place.x - 16, 384 - place.x, place.y - 16, 184 - place.y];
      expect(Math.min(...isOnBorder)).toBeLessThan(0.01);
      expect(Math.cos(place.angle - angle)).toBeCloseTo(1);
    }
  });

  it("stays inside of a picture that is smaller than its margin", () => {
    const place = edgePlace({ width: 10, height: 10 }, 50, 5);
    expect(place).toMatchObject({ x: 5, y: 5 });
  });
});
