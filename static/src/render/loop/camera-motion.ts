/** The camera as it is now, and its flight to another one. */
import { betweenCameras, type CameraState, type Lens, sameCamera } from "../../model/camera/camera";
import { easeInOut } from "../scene/transition";

interface Flight {
  readonly from: CameraState;
  readonly fromDepth: number;
  readonly to: CameraState;
  readonly start: number;
  readonly milliseconds: number;
  readonly onArrival: () => void;
}

export class CameraMotion {
  private flight: Flight | null = null;
  private currentDepth: number;
  lens: Lens = "perspective";

  constructor(private current: CameraState) {
    this.currentDepth = depthOf(current);
  }

  /** The camera as it is now. */
  get camera(): CameraState {
    return this.current;
  }

  /** 1 in 3D, 0 in 2D, between the two during a flight from one to the other. */
  get depth(): number {
    return this.currentDepth;
  }

  get perspective(): number {
    return this.lens === "perspective" ? this.currentDepth : 0;
  }

  /** Where the flight ends; at rest, the camera as it is now. */
  get goal(): CameraState {
    return this.flight?.to ?? this.current;
  }

  get isMoving(): boolean {
    return this.flight !== null;
  }

  jump(camera: CameraState): void {
    this.flight = null;
    this.current = camera;
    this.currentDepth = depthOf(camera);
  }

  fly(
    to: CameraState,
    milliseconds: number,
    now: number,
    onArrival: () => void = () => undefined,
  ): void {
    if (milliseconds <= 0 || (sameCamera(to, this.current) && !this.isMoving)) {
      this.jump(to);
      onArrival();
      return;
    }
    this.flight = {
      from: this.current,
      fromDepth: this.currentDepth,
      to,
      start: now,
      milliseconds,
      onArrival,
    };
  }

  /** Move to `now`; true if the picture changed. */
  advance(now: number): boolean {
    const { flight } = this;
    if (flight === null) return false;
    const t = Math.min(1, Math.max(0, (now - flight.start) / flight.milliseconds));
    if (t >= 1) {
      this.jump(flight.to);
      flight.onArrival();
      return true;
    }
    const eased = easeInOut(t);
    this.current = betweenCameras(flight.from, flight.to, eased);
    const from = flight.fromDepth;
    this.currentDepth = from + (depthOf(flight.to) - from) * eased;
    return true;
  }
}

function depthOf(camera: CameraState): number {
  return camera.mode === "3d" ? 1 : 0;
}
