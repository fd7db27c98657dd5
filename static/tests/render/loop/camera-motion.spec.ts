import { describe, expect, it, vi } from "vitest";
import { HOME_2D, HOME_3D } from "../../../src/model/camera/camera";
import { CameraMotion } from "../../../src/render/loop/camera-motion";

describe("CameraMotion", () => {
  it("flies, arrives once, and then rests", () => {
    const motion = new CameraMotion(HOME_3D);
    const arrived = vi.fn();
    motion.fly({ ...HOME_3D, zoom: 4 }, 100, 0, arrived);
    expect(motion.goal.zoom).toBe(4);
    expect(motion.advance(50)).toBe(true);
    expect(motion.camera.zoom).toBeCloseTo(2);
    expect(arrived).not.toHaveBeenCalled();
    motion.advance(100);
    expect(motion.camera.zoom).toBe(4);
    expect(motion.advance(101)).toBe(false);
    expect(arrived).toHaveBeenCalledOnce();
  });

  it("flattens the perspective on the way from 3D to 2D", () => {
    const motion = new CameraMotion(HOME_3D);
    motion.fly(HOME_2D, 100, 0);
    motion.advance(50);
    expect(motion.perspective).toBeCloseTo(0.5);
    motion.advance(100);
    expect(motion.perspective).toBe(0);
  });

  it("jumps when there is no time, and when the person takes over", () => {
    const motion = new CameraMotion(HOME_3D);
    motion.fly(HOME_2D, 0, 0);
    expect(motion.camera).toBe(HOME_2D);
    motion.fly(HOME_3D, 100, 0);
    motion.jump({ ...HOME_2D, zoom: 2 });
    expect(motion.isMoving).toBe(false);
    expect(motion.goal.zoom).toBe(2);
  });
});
