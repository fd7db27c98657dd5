/** An arrow at the edge of the picture, towards a point that is outside of it. */
import type { Viewport } from "../../model/camera/camera";
import type { Theme } from "../scene/types";

/** CSS pixels between the edge and the middle of the arrow, and half of the arrow's length. */
const MARGIN = 16;
const HALF = 8;

export interface EdgePlace {
  readonly x: number;
  readonly y: number;
  /** Radians clockwise from the right. */
  readonly angle: number;
}

/** Where an arrow towards a place stands; null where the place is inside. */
export function edgePlace({ width, height }: Viewport, x: number, y: number): EdgePlace | null {
  if (x >= 0 && y >= 0 && x <= width && y <= height) return null;
  const [centerX, centerY] = [width / 2, height / 2];
  const [dx, dy] = [x - centerX, y - centerY];
  const across = dx === 0 ? Number.POSITIVE_INFINITY : Math.max(0, centerX - MARGIN) / Math.abs(dx);
  const down = dy === 0 ? Number.POSITIVE_INFINITY : Math.max(0, centerY - MARGIN) / Math.abs(dy);
  const share = Math.min(across, down);
  return { x: centerX + dx * share, y: centerY + dy * share, angle: Math.atan2(dy, dx) };
}

export function paintArrow(
  context: CanvasRenderingContext2D,
  { x, y, angle }: EdgePlace,
  color: string,
  theme: Theme,
): void {
  const corner = (distance: number, turn: number) =>
    [x + distance * Math.cos(angle + turn), y + distance * Math.sin(angle + turn)] as const;
  context.beginPath();
  context.moveTo(...corner(HALF, 0));
  context.lineTo(...corner(HALF, (3 / 4) * Math.PI));
  context.lineTo(...corner(HALF, -(3 / 4) * Math.PI));
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 5;
  context.strokeStyle = theme.hoverRing;
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = theme.background;
  context.stroke();
  context.fillStyle = color;
  context.fill();
}
