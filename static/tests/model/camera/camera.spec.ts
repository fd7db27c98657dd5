import { describe, expect, it } from "vitest";
import {
  betweenCameras,
  type CameraState,
  HOME_2D,
  HOME_3D,
  homeOf,
  lookAt,
  orbit,
  pan,
  projectPoint,
  roll,
  rollAt,
  sameCamera,
  turnOf,
  type Vec3,
  validCamera,
  viewOf,
  zoomAt,
} from "../../../src/model/camera/camera";

const WIDE = { width: 1200, height: 800 };
const TALL = { width: 500, height: 900 };

function at(camera: CameraState, point: Vec3, viewport = WIDE) {
  return projectPoint(viewOf(camera, viewport), point);
}

describe("the home views", () => {
  it.each([
    ["2d", WIDE],
    ["2d", TALL],
    ["3d", WIDE],
    ["3d", TALL],
  ] as const)("show the whole unit ball: %s", (mode, viewport) => {
    const view = viewOf(homeOf(mode), viewport);
    for (let i = 0; i < 500; i++) {
      const polar = Math.acos(1 - (2 * (i + 0.5)) / 500);
      const around = i * 2.399963;
      const point: Vec3 = [
        Math.sin(polar) * Math.cos(around),
        Math.sin(polar) * Math.sin(around),
        Math.cos(polar),
      ];
      const { x, y, depth } = projectPoint(view, mode === "2d" ? [point[0], point[1], 0] : point);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(viewport.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(viewport.height);
      expect(depth).toBeGreaterThanOrEqual(0);
      expect(depth).toBeLessThanOrEqual(1);
    }
  });

  it("put the origin in the middle, x to the right and y up", () => {
    for (const mode of ["2d", "3d"] as const) {
      const camera: CameraState = { ...homeOf(mode), rotation: [0, 0, 0, 1] };
      expect(at(camera, [0, 0, 0])).toMatchObject({ x: 600, y: 400 });
      expect(at(camera, [0.5, 0, 0]).x).toBeGreaterThan(600);
      expect(at(camera, [0, 0.5, 0]).y).toBeLessThan(400);
    }
  });

  it("draw what is nearer larger in 3D, and all alike in 2D", () => {
    const front: CameraState = { ...HOME_3D, rotation: [0, 0, 0, 1] };
    expect(at(front, [0, 0, 0.8]).magnification).toBeGreaterThan(1);
    expect(at(front, [0, 0, 0]).magnification).toBeCloseTo(1);
    expect(at(front, [0, 0, -0.8]).magnification).toBeLessThan(1);
    expect(at(front, [0, 0, 0.8]).depth).toBeLessThan(at(front, [0, 0, -0.8]).depth);
    expect(at(HOME_2D, [0, 0, 0.8]).magnification).toBe(1);
  });
});

describe("points that cannot be seen", () => {
  it("have a depth outside of 0 to 1 behind the eye", () => {
    const near: CameraState = { ...HOME_3D, rotation: [0, 0, 0, 1], zoom: 20 };
    expect(at(near, [0, 0, 1]).depth).toBeLessThan(0);
  });
});

describe("pan", () => {
  it.each([HOME_2D, HOME_3D])(
    "moves what stands at the target by exactly the drag: $mode",
    (home) => {
      const moved = at(pan(home, 30, -20, WIDE), [0, 0, 0]);
      expect(moved.x).toBeCloseTo(630);
      expect(moved.y).toBeCloseTo(380);
    },
  );

  it("never loses the cloud", () => {
    let camera: CameraState = HOME_2D;
    for (let i = 0; i < 100; i++) camera = pan(camera, 500, 0, WIDE);
    expect(Math.hypot(...camera.target)).toBeLessThanOrEqual(1.5 + 1e-9);
  });
});

describe("zoom", () => {
  it.each([HOME_2D, HOME_3D])("keeps what is under the pointer: $mode", (home) => {
    // A point in the plane of the target.
    const plane = pan(home, -150, 90, WIDE).target;
    const before = at(home, plane);
    const after = at(zoomAt(home, 2.5, before.x, before.y, WIDE), plane);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  it("stops at the ends of its range without drifting", () => {
    let camera: CameraState = HOME_2D;
    for (let i = 0; i < 100; i++) camera = zoomAt(camera, 2, 10, 10, WIDE);
    const end = camera;
    expect(sameCamera(zoomAt(end, 2, 1000, 10, WIDE), end)).toBe(true);
    for (let i = 0; i < 100; i++) camera = zoomAt(camera, 0.5, 600, 400, WIDE);
    expect(camera.zoom).toBeCloseTo(0.2);
  });
});

describe("orbit", () => {
  it("moves the front of the ball with the pointer and keeps the rotation of unit length", () => {
    const front: CameraState = { ...HOME_3D, rotation: [0, 0, 0, 1] };
    const turned = orbit(front, 40, 25, WIDE);
    const nose = at(turned, [0, 0, 1]);
    expect(nose.x).toBeGreaterThan(600);
    expect(nose.y).toBeGreaterThan(400);
    expect(Math.hypot(...turned.rotation)).toBeCloseTo(1, 12);
  });

  it("comes back when the pointer does", () => {
    const back = orbit(orbit(HOME_3D, 40, 25, WIDE), -40, -25, WIDE);
    expect(sameCamera(back, { ...HOME_3D, rotation: orbit(back, 0, 0, WIDE).rotation })).toBe(true);
    back.rotation.forEach((value, k) => {
      expect(value).toBeCloseTo(HOME_3D.rotation[k] as number, 3);
    });
  });

  it("does nothing in 2D", () => {
    expect(orbit(HOME_2D, 40, 25, WIDE)).toBe(HOME_2D);
  });

  it("rolls clockwise", () => {
    const front: CameraState = { ...HOME_3D, rotation: [0, 0, 0, 1] };
    expect(at(roll(front, Math.PI / 2), [0, 0.5, 0]).x).toBeGreaterThan(600);
  });

  it("rolls a flat picture in its plane, which then still pans and zooms with the pointer", () => {
    const turned = roll(HOME_2D, Math.PI / 2);
    expect(turnOf(turned)).toBeCloseTo(Math.PI / 2);
    expect(at(turned, [0, 0.5, 0]).x).toBeGreaterThan(700);
    expect(at(turned, [0, 0.5, 0]).y).toBeCloseTo(400);
    expect(at(pan(turned, 30, -20, WIDE), [0, 0, 0]).x).toBeCloseTo(630);
    expect(at(pan(turned, 30, -20, WIDE), [0, 0, 0]).y).toBeCloseTo(380);
    expect(turnOf(HOME_3D)).toBe(0);
  });

  it.each([HOME_2D, { ...HOME_3D, rotation: [0, 0, 0, 1] as const }])(
    "rolls around what is under the fingers: $mode",
    (home) => {
      const before = at(home, [0.4, -0.2, 0]);
      const after = at(rollAt(home, 0.7, before.x, before.y, WIDE), [0.4, -0.2, 0]);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
    },
  );
});

describe("lookAt", () => {
  it("brings a ball into the picture, and no nearer than asked", () => {
    const camera = lookAt(HOME_2D, [0.3, 0.2, 0], 0.1, 60);
    expect(at(camera, [0.3, 0.2, 0])).toMatchObject({ x: 600, y: 400 });
    expect(at(camera, [0.4, 0.2, 0]).x).toBeLessThan(1000.1);
    expect(lookAt(HOME_2D, [0, 0, 0], 0, 4).zoom).toBe(4);
  });
});

describe("betweenCameras", () => {
  const far: CameraState = { ...HOME_2D, target: [0.5, 0, 0], zoom: 16 };

  it("starts and ends at its ends", () => {
    expect(sameCamera(betweenCameras(HOME_2D, far, 0), HOME_2D)).toBe(true);
    expect(betweenCameras(HOME_2D, far, 1)).toBe(far);
  });

  it("zooms by even factors, and the end of the flight does not rush by", () => {
    const middle = betweenCameras(HOME_2D, far, 0.5);
    expect(middle.zoom).toBeCloseTo(4);
    const left = 0.5 - (middle.target[0] as number);
    expect(left * middle.zoom).toBeLessThan(0.5 * 1.01);
  });

  it("keeps a rotation of unit length between the modes", () => {
    const half = betweenCameras(HOME_3D, HOME_2D, 0.5);
    expect(Math.hypot(...half.rotation)).toBeCloseTo(1);
  });
});

describe("a view between the modes", () => {
  it("keeps the size of what stands at the target", () => {
    const scale = (perspective: number) => {
      const view = viewOf({ ...HOME_3D, rotation: [0, 0, 0, 1] }, WIDE, perspective);
      return projectPoint(view, [0.01, 0, 0]).x - 600;
    };
    for (const perspective of [0, 0.005, 0.02, 0.5, 1]) {
      expect(scale(perspective)).toBeCloseTo(scale(0), 6);
    }
  });
});

describe("validCamera", () => {
  it("lets no bookmark make the picture disappear", () => {
    const camera = validCamera({
      mode: "3d",
      target: [Number.NaN, 0, 0],
      rotation: [0, 0, 0, 0],
      zoom: Number.POSITIVE_INFINITY,
    });
    expect(camera).toEqual({ mode: "3d", target: [0, 0, 0], rotation: [0, 0, 0, 1], zoom: 1 });
    expect(validCamera({ ...HOME_3D, mode: "2d", zoom: 1e9 })).toMatchObject({
      rotation: [0, 0, 0, 1],
      zoom: 2000,
    });
    const turned = roll(HOME_2D, 0.4);
    expect(sameCamera(validCamera(turned), turned)).toBe(true);
  });
});
