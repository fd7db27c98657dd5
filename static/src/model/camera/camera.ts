/** The camera of the plot: its state, its movements, and how it projects points to the screen. */
import {
  at,
  type Mat4,
  multiplyMatrices,
  orbitMatrix,
  orthographic,
  perspective as perspectiveMatrix,
} from "./matrix";
import {
  conjugate,
  fromAxisAngle,
  IDENTITY,
  multiply,
  normalize,
  type Quaternion,
  rotate,
  slerp,
  type Vec3,
} from "./quaternion";

export type { Quaternion, Vec3 };

/** How a drag rotates the cloud: freely, or around an axis that stays upright. */
export type Turning = "trackball" | "turntable";
/** How depth is drawn: in perspective, or with parallel lines (orthographic). */
export type Lens = "perspective" | "parallel";

/**
 * Positions are fitted into a ball of radius 1 around the origin before the camera sees them,
 * so one camera serves every projection.
 */
export interface CameraState {
  /** "2d" is orthographic and rotates in its plane only; "3d" rotates freely, with either lens. */
  readonly mode: "2d" | "3d";
  /** Point in fitted space that is at the center of the screen. */
  readonly target: Vec3;
  /** Rotation of the world; in 2D around the z axis. The identity looks down the negative z axis, y up. */
  readonly rotation: Quaternion;
  /** 1 shows the whole fitted ball; 2 twice as near. */
  readonly zoom: number;
}

export const HOME_2D: CameraState = {
  mode: "2d",
  target: [0, 0, 0],
  rotation: [0, 0, 0, 1],
  zoom: 1,
};

/** A little from above and from the side, to show the depth at once. */
export const HOME_3D: CameraState = {
  mode: "3d",
  target: [0, 0, 0],
  rotation: normalize([0.1794, 0.2725, 0.0522, 0.9438]),
  zoom: 1,
};

/** CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A camera seen through a viewport: everything drawing and projecting need. */
export interface View {
  readonly viewport: Viewport;
  /** Fitted space to clip space. */
  readonly matrix: Mat4;
  /** From the eye to the target, in fitted units; sizes are as given at this depth. */
  readonly eyeDistance: number;
  /** From the eye to the center of the ball, along the viewing direction. */
  readonly originDepth: number;
  /** Fitted space to CSS pixels at the target's depth. */
  readonly pixelsPerUnit: number;
  /** 0 is orthographic, 1 is perspective. */
  readonly perspective: number;
  /** 0 in 2D, 1 in 3D, with either lens. */
  readonly depth: number;
}

/** Narrow enough that the edge of the ball is not stretched, wide enough to feel depth. */
const FIELD_OF_VIEW = (35 * Math.PI) / 180;

/**
 * Half the shorter side of the viewport at zoom 1, in fitted units. A ball of radius 1 seen in
 * perspective needs 1 / cos(FIELD_OF_VIEW / 2) = 1.049; the rest is margin.
 */
const HALF_FRAME = 1.07;

const BALL = 1.01;
/** Further in, float32 positions on the GPU would begin to shake. */
const ZOOM_RANGE = { "2d": [0.2, 2000], "3d": [0.2, 400] } as const;

/** If the target were further away than this, the cloud could not be seen any more. */
const MAX_TARGET = 1.5;

/**
 * What `camera` sees. `perspective` between 0 and 1 is a view between the two modes (the eye draws
 * back while the field of view narrows), for the animation from one to the other.
 */
export function viewOf(
  camera: CameraState,
  viewport: Viewport,
  perspective = camera.mode === "3d" ? 1 : 0,
  depth = camera.mode === "3d" ? 1 : 0,
): View {
  const half = HALF_FRAME / camera.zoom;
  const shorter = Math.max(1, Math.min(viewport.width, viewport.height));
  const halfWidth = (half * Math.max(1, viewport.width)) / shorter;
  const halfHeight = (half * Math.max(1, viewport.height)) / shorter;
  const tangent = Math.tan((FIELD_OF_VIEW * perspective) / 2);
  // Under a hundredth of the field of view no pixel differs from parallel projection.
  const isParallel = perspective < 0.01;
  const eyeDistance = isParallel ? 4 : half / tangent;
  const toView = orbitMatrix(camera.rotation, camera.target, eyeDistance);
  const originDepth = -at(toView, 2, 3);
  const nearest = isParallel ? originDepth - BALL : Math.max(originDepth - BALL, eyeDistance / 50);
  const farthest = Math.max(originDepth + BALL, nearest + BALL);
  const projection = isParallel
    ? orthographic(halfWidth, halfHeight, nearest, farthest)
    : perspectiveMatrix(halfWidth / eyeDistance, halfHeight / eyeDistance, nearest, farthest);
  return {
    viewport,
    matrix: multiplyMatrices(projection, toView),
    eyeDistance,
    originDepth,
    pixelsPerUnit: shorter / 2 / half,
    perspective: isParallel ? 0 : perspective,
    depth,
  };
}

export interface ProjectedPoint {
  /** CSS pixels from the top left corner. */
  readonly x: number;
  readonly y: number;
  /** 0 is near, 1 far, outside is clipped. */
  readonly depth: number;
  /** How much larger than at the target's depth things are drawn. */
  readonly magnification: number;
}

/** Where a point of fitted space is on the screen. */
export function projectPoint(view: View, point: Vec3): ProjectedPoint {
  const { matrix, viewport } = view;
  const [px, py, pz] = point;
  const along = (row: number) =>
    at(matrix, row, 0) * px +
    at(matrix, row, 1) * py +
    at(matrix, row, 2) * pz +
    at(matrix, row, 3);
  const w = along(3);
  return {
    x: ((along(0) / w + 1) / 2) * viewport.width,
    y: ((1 - along(1) / w) / 2) * viewport.height,
    // Behind the eye, the division would mirror the point onto the screen.
    depth: w > 0 ? (along(2) / w + 1) / 2 : -1,
    magnification: view.perspective > 0 ? view.eyeDistance / Math.max(w, 1e-4) : 1,
  };
}

/** Rotate the world as if a ball under the pointer was dragged by (dx, dy) CSS pixels. */
export function orbit(
  camera: CameraState,
  dx: number,
  dy: number,
  viewport: Viewport,
): CameraState {
  if (camera.mode === "2d" || (dx === 0 && dy === 0)) return camera;
  // One radian for a drag over half the shorter side: the surface of the ball follows the pointer.
  const angle = Math.hypot(dx, dy) / (Math.min(viewport.width, viewport.height) / 2);
  const turn = fromAxisAngle([dy, dx, 0], angle);
  return { ...camera, rotation: normalize(multiply(turn, camera.rotation)) };
}

/**
 * Rotate the world around its upright axis and tilt it towards the eye: up stays up. A world that
 * was rotated otherwise is set upright first.
 */
export function turntable(
  camera: CameraState,
  dx: number,
  dy: number,
  viewport: Viewport,
): CameraState {
  if (camera.mode === "2d" || (dx === 0 && dy === 0)) return camera;
  const half = Math.min(viewport.width, viewport.height) / 2;
  const up = rotate(camera.rotation, [0, 1, 0]);
  const side = rotate(conjugate(camera.rotation), [1, 0, 0]);
  const tip = Math.asin(Math.min(1, Math.max(-1, up[2]))) + dy / half;
  const pitch = Math.min(Math.PI / 2, Math.max(-Math.PI / 2, tip));
  const yaw = Math.atan2(side[2], side[0]) + dx / half;
  const rotation = multiply(fromAxisAngle([1, 0, 0], pitch), fromAxisAngle([0, 1, 0], yaw));
  return { ...camera, rotation: normalize(rotation) };
}

/** Rotate the view in the plane of the screen by `angle` radians, clockwise. */
export function roll(camera: CameraState, angle: number): CameraState {
  if (angle === 0) return camera;
  const turn = fromAxisAngle([0, 0, 1], -angle);
  return { ...camera, rotation: normalize(multiply(turn, camera.rotation)) };
}

/** Move the view by (dx, dy) CSS pixels; what is at the target's depth follows the pointer. */
export function pan(camera: CameraState, dx: number, dy: number, viewport: Viewport): CameraState {
  const { pixelsPerUnit } = viewOf(camera, viewport);
  const [x, y, z] = rotate(conjugate(camera.rotation), [
    -dx / pixelsPerUnit,
    dy / pixelsPerUnit,
    0,
  ]);
  const [tx, ty, tz] = camera.target;
  return { ...camera, target: nearCloud([tx + x, ty + y, tz + z]) };
}

/** Zoom by `factor` so that what is under the pointer (at the target's depth) stays there. */
export function zoomAt(
  camera: CameraState,
  factor: number,
  x: number,
  y: number,
  viewport: Viewport,
): CameraState {
  const zoom = clampZoom(camera.mode, camera.zoom * factor);
  const stay = 1 - camera.zoom / zoom;
  const dx = (viewport.width / 2 - x) * stay;
  const dy = (viewport.height / 2 - y) * stay;
  return { ...pan(camera, dx, dy, viewport), zoom };
}

/** As `roll`, so that what is under the pointer (at the target's depth) stays there. */
export function rollAt(
  camera: CameraState,
  angle: number,
  x: number,
  y: number,
  viewport: Viewport,
): CameraState {
  const dx = x - viewport.width / 2;
  const dy = y - viewport.height / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const back = [dx - (cos * dx - sin * dy), dy - (sin * dx + cos * dy)] as const;
  return pan(roll(camera, angle), back[0], back[1], viewport);
}

/** How far a 2D view is rotated in its plane, in radians clockwise; 0 in 3D. */
export function turnOf({ mode, rotation }: CameraState): number {
  return mode === "2d" ? -2 * Math.atan2(rotation[2], rotation[3]) : 0;
}

export function homeOf(mode: CameraState["mode"]): CameraState {
  return mode === "3d" ? HOME_3D : HOME_2D;
}

/** `camera` moved so that a ball fills the view; it zooms in no further than `maxZoom`. */
export function lookAt(
  camera: CameraState,
  center: Vec3,
  radius: number,
  maxZoom: number,
): CameraState {
  const zoom = clampZoom(camera.mode, Math.min(maxZoom, 1 / Math.max(radius, 1e-9)));
  return { ...camera, target: center, zoom };
}

/**
 * From `a` (t = 0) to `b` (t = 1). The zoom changes by an even factor, and the target moves with the
 * width of the view, so that the end of the animation is not too fast.
 */
export function betweenCameras(a: CameraState, b: CameraState, t: number): CameraState {
  if (t >= 1) return b;
  const zoom = a.zoom * (b.zoom / a.zoom) ** t;
  const moved = Math.abs(1 / b.zoom - 1 / a.zoom);
  const s = moved < 1e-6 ? t : Math.abs(1 / zoom - 1 / a.zoom) / moved;
  const mix = (k: 0 | 1 | 2) => a.target[k] + (b.target[k] - a.target[k]) * s;
  return {
    mode: b.mode,
    target: [mix(0), mix(1), mix(2)],
    rotation: slerp(a.rotation, b.rotation, t),
    zoom,
  };
}

/** A camera from outside (a bookmark, an address), with every value made valid. */
export function validCamera(camera: CameraState): CameraState {
  const { mode, target, rotation, zoom } = camera;
  return {
    mode,
    target: target.every(Number.isFinite) ? nearCloud(target) : [0, 0, 0],
    rotation: mode === "2d" && !isFlat(rotation) ? IDENTITY : normalize(rotation),
    zoom: clampZoom(mode, Number.isFinite(zoom) ? zoom : 1),
  };
}

/** Around the z axis alone, within the rounding of an address. */
function isFlat([x, y]: Quaternion): boolean {
  return Math.hypot(x, y) < 1e-3;
}

export function sameCamera(a: CameraState, b: CameraState): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) < 1e-9;
  return (
    a.mode === b.mode &&
    near(a.zoom, b.zoom) &&
    a.target.every((value, k) => near(value, b.target[k] as number)) &&
    a.rotation.every((value, k) => near(value, b.rotation[k] as number))
  );
}

function clampZoom(mode: CameraState["mode"], zoom: number): number {
  const [low, high] = ZOOM_RANGE[mode];
  return Math.min(high, Math.max(low, zoom));
}

function nearCloud(target: Vec3): Vec3 {
  const length = Math.hypot(target[0], target[1], target[2]);
  if (length <= MAX_TARGET) return target;
  const back = MAX_TARGET / length;
  return [target[0] * back, target[1] * back, target[2] * back];
}
