import { describe, expect, it } from "vitest";
import { type CameraState, HOME_2D, HOME_3D, sameCamera } from "../../../src/model/camera/camera";
import {
  dragAction,
  dragCamera,
  keyCamera,
  type Modifiers,
  selectMode,
  wheelFactor,
} from "../../../src/render/input/gestures";

const none: Modifiers = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
const VIEWPORT = { width: 1000, height: 800 };

describe("dragAction", () => {
  it("turns with the left button and pans with the others", () => {
    expect(dragAction("navigate", 0, none, "3d")).toBe("orbit");
    expect(dragAction("navigate", 1, none, "3d")).toBe("pan");
    expect(dragAction("navigate", 2, none, "3d")).toBe("pan");
    expect(dragAction("navigate", 0, { ...none, ctrlKey: true }, "3d")).toBe("pan");
    expect(dragAction("box", 0, { ...none, metaKey: true }, "3d")).toBe("pan");
  });

  it("draws a box with shift or alt while navigating", () => {
    expect(dragAction("navigate", 0, { ...none, shiftKey: true }, "3d")).toBe("box");
    expect(dragAction("navigate", 0, { ...none, altKey: true }, "3d")).toBe("box");
  });

  it("follows the tool, and still turns with the middle button", () => {
    expect(dragAction("lasso", 0, none, "3d")).toBe("lasso");
    expect(dragAction("box", 0, { ...none, shiftKey: true }, "3d")).toBe("box");
    expect(dragAction("lasso", 1, none, "3d")).toBe("orbit");
    expect(dragAction("lasso", 2, none, "3d")).toBe("pan");
  });

  it("turns a flat picture with the right button, which would only pan once more", () => {
    expect(dragAction("navigate", 2, none, "2d")).toBe("roll");
    expect(dragAction("lasso", 2, none, "2d")).toBe("roll");
    expect(dragAction("navigate", 1, none, "2d")).toBe("pan");
    expect(dragAction("navigate", 0, none, "2d")).toBe("orbit");
  });
});

describe("selectMode", () => {
  it("reads the modifier keys", () => {
    expect(selectMode(none)).toBe("replace");
    expect(selectMode({ ...none, shiftKey: true })).toBe("add");
    expect(selectMode({ ...none, ctrlKey: true })).toBe("add");
    expect(selectMode({ ...none, altKey: true })).toBe("subtract");
    expect(selectMode({ ...none, altKey: true, shiftKey: true })).toBe("intersect");
  });
});

describe("wheelFactor", () => {
  const wheel = (deltaY: number, deltaMode = 0, ctrlKey = false) =>
    wheelFactor({ deltaY, deltaMode, ctrlKey });

  it("zooms in upwards, and back by the same", () => {
    expect(wheel(-100)).toBeGreaterThan(1);
    expect(wheel(-100) * wheel(100)).toBeCloseTo(1);
  });

  it("counts lines as pixels, pinches stronger and bounds jumps", () => {
    expect(wheel(-3, 1)).toBeCloseTo(wheel(-48));
    expect(wheel(-10, 0, true)).toBeGreaterThan(wheel(-10));
    expect(wheel(-1e6)).toBeLessThan(2);
  });
});

describe("dragCamera", () => {
  it("pans in 2D whatever was asked", () => {
    const moved = dragCamera(HOME_2D, "orbit", 10, 0, VIEWPORT);
    expect(moved.rotation).toEqual(HOME_2D.rotation);
    expect(moved.target[0]).toBeLessThan(0);
  });
});

describe("keyCamera", () => {
  const press = (camera: CameraState, key: string, keys: Partial<Modifiers> = {}) =>
    keyCamera(camera, key, { ...none, ...keys }, VIEWPORT);

  it("turns in 3D, moves in 2D and with shift", () => {
    expect(press(HOME_3D, "ArrowLeft")?.target).toEqual(HOME_3D.target);
    expect(press(HOME_3D, "ArrowLeft")?.rotation).not.toEqual(HOME_3D.rotation);
    expect(press(HOME_3D, "ArrowLeft", { shiftKey: true })?.rotation).toEqual(HOME_3D.rotation);
    expect(press(HOME_2D, "ArrowRight")?.target[0]).toBeGreaterThan(0);
    expect(press(HOME_2D, "ArrowUp")?.target[1]).toBeGreaterThan(0);
  });

  it("zooms around the middle and comes back", () => {
    const near = press(HOME_2D, "+");
    expect(near?.zoom).toBeGreaterThan(1);
    expect(near?.target.map(Math.abs)).toEqual([0, 0, 0]);
    const back = near && press(near, "-");
    expect(back && sameCamera(back, HOME_2D)).toBe(true);
  });

  it("goes home in the same mode", () => {
    expect(press({ ...HOME_2D, zoom: 9 }, "Home")).toEqual(HOME_2D);
    expect(press({ ...HOME_3D, zoom: 9 }, "Home")).toEqual(HOME_3D);
  });

  it("leaves all other keys, and the browser's own, alone", () => {
    expect(press(HOME_3D, "a")).toBeNull();
    expect(press(HOME_3D, "Tab")).toBeNull();
    expect(press(HOME_3D, "+", { ctrlKey: true })).toBeNull();
    expect(press(HOME_3D, "ArrowLeft", { altKey: true })).toBeNull();
  });
});
