/** Decides what a button, key or wheel event means; pure functions, tested without a canvas. */
import {
  type CameraState,
  homeOf,
  orbit,
  pan,
  type Turning,
  turntable,
  type Viewport,
  zoomAt,
} from "../../model/camera/camera";
import type { SelectMode, Tool } from "../scene/types";

export interface Modifiers {
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export type DragAction = "orbit" | "pan" | "roll" | "box" | "lasso";

const LEFT = 0;
const MIDDLE = 1;
const RIGHT = 2;

/** Pixels that one notch of a wheel scrolls when a browser counts in lines instead. */
const PIXELS_PER_LINE = 16;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A key press turns by 5 degrees in 3D (see orbit) or moves by a tenth of the view in 2D. */
const TURN_PER_PRESS = (5 * Math.PI) / 180;
const MOVE_PER_PRESS = 0.1;
const ZOOM_PER_PRESS = 1.25;

export function dragAction(
  tool: Tool,
  button: number,
  keys: Modifiers,
  mode: CameraState["mode"],
): DragAction {
  if (button === LEFT) {
    if (keys.ctrlKey || keys.metaKey) return "pan";
    if (tool !== "navigate") return tool;
    // Shift and alt choose how to select, so with them a drag selects even while navigating.
    return keys.shiftKey || keys.altKey ? "box" : "orbit";
  }
  // A 2D view is panned by every other button already.
  if (button === RIGHT && mode === "2d") return "roll";
  // With a selecting tool the wheel's button still turns the cloud.
  return button === MIDDLE && tool !== "navigate" ? "orbit" : "pan";
}

export function selectMode(keys: Modifiers): SelectMode {
  if (keys.shiftKey && keys.altKey) return "intersect";
  if (keys.altKey) return "subtract";
  // Every file manager adds with the control or command key.
  return keys.shiftKey || keys.ctrlKey || keys.metaKey ? "add" : "replace";
}

/** Factor of the zoom for one wheel event; pinching a trackpad arrives as a wheel with ctrl. */
export function wheelFactor(event: {
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
}): number {
  const pixels = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? PIXELS_PER_LINE : 400;
  // Some mice send several notches at once; more than a doubling in one step is a jump.
  const delta = Math.min(300, Math.max(-300, event.deltaY * pixels));
  return Math.exp(-delta * (event.ctrlKey && event.deltaMode === 0 ? 0.008 : 0.0018));
}

export function dragCamera(
  camera: CameraState,
  action: "orbit" | "pan",
  dx: number,
  dy: number,
  viewport: Viewport,
  turning: Turning = "trackball",
): CameraState {
  return action === "orbit" && camera.mode === "3d"
    ? TURN[turning](camera, dx, dy, viewport)
    : pan(camera, dx, dy, viewport);
}

const TURN = { trackball: orbit, turntable } as const;

/** The camera after a key, or null if the key means nothing here. */
export function keyCamera(
  camera: CameraState,
  key: string,
  keys: Modifiers,
  viewport: Viewport,
  turning: Turning = "trackball",
): CameraState | null {
  if (keys.ctrlKey || keys.metaKey || keys.altKey) return null;
  if (key === "Home") return homeOf(camera.mode);
  const { width, height } = viewport;
  const shorter = Math.min(width, height);
  if (key === "+" || key === "=") {
    return zoomAt(camera, ZOOM_PER_PRESS, width / 2, height / 2, viewport);
  }
  if (key === "-" || key === "_") {
    return zoomAt(camera, 1 / ZOOM_PER_PRESS, width / 2, height / 2, viewport);
  }
  const arrow = ARROWS[key];
  if (arrow === undefined) return null;
  const [x, y] = arrow;
  if (camera.mode === "3d" && !keys.shiftKey) {
    const pixels = (TURN_PER_PRESS * shorter) / 2;
    return TURN[turning](camera, x * pixels, y * pixels, viewport);
  }
  // The eye moves, as in every map: the points go the other way.
  const pixels = MOVE_PER_PRESS * shorter;
  return pan(camera, -x * pixels, -y * pixels, viewport);
}
