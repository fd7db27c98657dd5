/** Turns pointer, wheel, touch and keyboard input on the canvas into cameras, clicks and regions. */
import {
  type CameraState,
  pan,
  roll,
  rollAt,
  type Turning,
  type Viewport,
  zoomAt,
} from "../../model/camera/camera";
import type { SelectMode, Tool } from "../scene/types";
import {
  type DragAction,
  dragAction,
  dragCamera,
  keyCamera,
  selectMode,
  wheelFactor,
} from "./gestures";
import type { Region } from "./lasso";

/** What the controls need to know, and what they report to. */
export interface ControlsHost {
  camera(): CameraState;
  viewport(): Viewport;
  tool(): Tool;
  turning(): Turning;
  /** The user moved the camera; `isJump` asks for a flight there instead of a cut. */
  moveCamera(camera: CameraState, isJump: boolean): void;
  /** The pointer rests or moves over the canvas without dragging, or (null) has left it. */
  pointAt(at: Point | null): void;
  click(at: Point, mode: SelectMode): void;
  /** A region being drawn, or null when it is finished or cancelled. */
  drawRegion(region: Region | null): void;
  select(region: Region, mode: SelectMode): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Drag {
  readonly action: DragAction;
  readonly pointerId: number;
  readonly button: number;
  readonly start: Point;
  readonly mode: SelectMode;
  last: Point;
  isMoved: boolean;
  readonly path: number[];
}

/** CSS pixels that the pointer may move during a click. */
const CLICK_TOLERANCE = { mouse: 3, touch: 9 } as const;

/** Radians: about twelve degrees. */
const LEAST_TWIST = 0.2;

/** Lasso points nearer than this to the last add nothing that can be seen. */
const LASSO_STEP = 2;

export class Controls {
  private readonly abort = new AbortController();
  private readonly pointers = new Map<number, Point>();
  private drag: Drag | null = null;
  private region: Region | null = null;
  /** What the two fingers have turned by so far. */
  private twist = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly host: ControlsHost,
  ) {
    const { signal } = this.abort;
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.release(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.cancel(event), { signal });
    canvas.addEventListener("pointerleave", () => this.leave(), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    // The right button pans.
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    this.showCursor();
  }

  get isDragging(): boolean {
    return this.drag?.isMoved === true || this.pointers.size > 1;
  }

  /** The tool or what is under the pointer changed. */
  showCursor(isOverPoint = false): void {
    const isNavigating = this.host.tool() === "navigate";
    const resting = isOverPoint ? "pointer" : isNavigating ? "grab" : "crosshair";
    const action = this.isDragging ? this.drag?.action : undefined;
    this.canvas.style.cursor =
      action === undefined
        ? resting
        : action === "box" || action === "lasso"
          ? "crosshair"
          : "grabbing";
  }

  dispose(): void {
    this.abort.abort();
  }

  private press(event: PointerEvent): void {
    const at = this.place(event);
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size > 1) {
      // A second finger means pinching: whatever the first began is cancelled.
      this.abandon();
      this.twist = 0;
      return;
    }
    const action = dragAction(this.host.tool(), event.button, event, this.host.camera().mode);
    if (event.button === 1) event.preventDefault();
    this.drag = {
      action,
      pointerId: event.pointerId,
      button: event.button,
      start: at,
      mode: selectMode(event),
      last: at,
      isMoved: false,
      path: [at.x, at.y],
    };
  }

  private move(event: PointerEvent): void {
    const at = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (this.pointers.size === 2 && before !== undefined) {
      this.pinch(event.pointerId, before, at);
      this.pointers.set(event.pointerId, at);
      return;
    }
    if (before !== undefined) this.pointers.set(event.pointerId, at);
    const { drag } = this;
    if (drag === null || drag.pointerId !== event.pointerId) {
      if (event.pointerType !== "touch" && this.pointers.size === 0) this.host.pointAt(at);
      return;
    }
    const tolerance = CLICK_TOLERANCE[event.pointerType === "touch" ? "touch" : "mouse"];
    if (!drag.isMoved && Math.hypot(at.x - drag.start.x, at.y - drag.start.y) <= tolerance) return;
    if (!drag.isMoved) {
      drag.isMoved = true;
      this.host.pointAt(null);
      this.showCursor();
    }
    this.continue(drag, at);
    drag.last = at;
  }

  private continue(drag: Drag, at: Point): void {
    const { host } = this;
    if (drag.action === "orbit" || drag.action === "pan") {
      const dx = at.x - drag.last.x;
      const dy = at.y - drag.last.y;
      const { action } = drag;
      const camera = dragCamera(host.camera(), action, dx, dy, host.viewport(), host.turning());
      host.moveCamera(camera, false);
      return;
    }
    if (drag.action === "roll") {
      const { width, height } = host.viewport();
      const middle = { x: width / 2, y: height / 2 };
      host.moveCamera(roll(host.camera(), turnBetween(middle, drag.last, at)), false);
      return;
    }
    this.region = drag.action === "box" ? boxBetween(drag.start, at) : lassoTo(drag.path, at);
    host.drawRegion(this.region);
  }

  private release(event: PointerEvent): void {
    const at = this.place(event);
    this.pointers.delete(event.pointerId);
    const { drag, region } = this;
    if (drag === null || drag.pointerId !== event.pointerId) return;
    this.abandon();
    if (!drag.isMoved) {
      if (drag.button === 0) this.host.click(at, selectMode(event));
    } else if (region !== null) {
      // A key pressed during the drag counts as well as one held from the start.
      const mode = drag.mode === "replace" ? selectMode(event) : drag.mode;
      this.host.select(region, mode);
    }
    if (event.pointerType !== "touch") this.host.pointAt(at);
  }

  private cancel(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    this.abandon();
  }

  private leave(): void {
    if (this.drag === null) this.host.pointAt(null);
  }

  private abandon(): void {
    this.drag = null;
    if (this.region !== null) this.host.drawRegion(null);
    this.region = null;
    this.showCursor();
  }

  private pinch(moved: number, before: Point, after: Point): void {
    const { host } = this;
    const other = [...this.pointers].find(([id]) => id !== moved)?.[1];
    if (other === undefined) return;
    const viewport = host.viewport();
    const factor = distance(other, after) / Math.max(1, distance(other, before));
    const twist = this.twistBy(turnBetween(other, before, after));
    // The middle of two fingers moves half as far as the one that moved.
    const dx = (after.x - before.x) / 2;
    const dy = (after.y - before.y) / 2;
    const x = (after.x + other.x) / 2;
    const y = (after.y + other.y) / 2;
    const moving = pan(host.camera(), dx, dy, viewport);
    const turned = rollAt(moving, twist, x, y, viewport);
    host.moveCamera(zoomAt(turned, factor, x, y, viewport), false);
  }

  /** Fingers that pinch also twist a little: a 2D view turns only after a clear twist. */
  private twistBy(turn: number): number {
    const isClear = Math.abs(this.twist) > LEAST_TWIST || this.host.camera().mode === "3d";
    if (!isClear) this.twist += turn;
    return isClear ? turn : 0;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.place(event);
    const { host } = this;
    host.moveCamera(zoomAt(host.camera(), wheelFactor(event), x, y, host.viewport()), false);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.region !== null) {
      this.abandon();
      event.preventDefault();
      return;
    }
    const { host } = this;
    const camera = keyCamera(host.camera(), event.key, event, host.viewport(), host.turning());
    if (camera === null) return;
    event.preventDefault();
    this.host.moveCamera(camera, event.key === "Home");
  }

  private place(event: MouseEvent): Point {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

function boxBetween(a: Point, b: Point): Region {
  return {
    kind: "box",
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    right: Math.max(a.x, b.x),
    bottom: Math.max(a.y, b.y),
  };
}

function lassoTo(path: number[], at: Point): Region {
  const x = path[path.length - 2] as number;
  const y = path[path.length - 1] as number;
  if (Math.hypot(at.x - x, at.y - y) >= LASSO_STEP) path.push(at.x, at.y);
  return { kind: "lasso", path };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The angle from `a` to `b` seen from `middle`, clockwise, the short way round. */
function turnBetween(middle: Point, a: Point, b: Point): number {
  const turn =
    Math.atan2(b.y - middle.y, b.x - middle.x) - Math.atan2(a.y - middle.y, a.x - middle.x);
  return Math.atan2(Math.sin(turn), Math.cos(turn));
}
