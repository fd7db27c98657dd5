import { describe, expect, it } from "vitest";
import { HOME_3D, turntable } from "../../../src/model/camera/camera";
import { rotate } from "../../../src/model/camera/quaternion";

describe("a turntable", () => {
  const viewport = { width: 800, height: 600 };

  it("keeps up where it is, and never goes over the top", () => {
    let camera = HOME_3D;
    for (const [dx, dy] of [
      [120, 30],
      [-40, 900],
      [10, -2500],
    ] as const) {
      camera = turntable(camera, dx, dy, viewport);
      const up = rotate(camera.rotation, [0, 1, 0]);
      expect(up[0]).toBeCloseTo(0, 9);
      expect(up[1]).toBeGreaterThanOrEqual(-1e-9);
    }
  });
});
