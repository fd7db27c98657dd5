/** Draws the axes, the hovered point and the selection region on the overlay. */
import { projectPoint, type View } from "../../model/camera/camera";
import { type Quaternion, rotate, type Vec3 } from "../../model/camera/quaternion";
import { aspectOf } from "../gpu/sprites";
import type { Region } from "../input/lasso";
import type { Appearance } from "../scene/appearance";
import { classOf } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { SpriteSheet, Theme } from "../scene/types";
import { radiusAt } from "./label-painter";
import { edgePlace, paintArrow } from "./off-screen-arrow";

/** A hovered image is shown at least this large: large enough to recognize a digit or a face. */
const MIN_HOVER_SPRITE = 64;

/**
 * The hovered point, drawn again on top of all. It is on the overlay, so that moving the pointer over
 * a million points draws none of them. Out of view, as it may be in a list or in another view, an
 * arrow shows where it is.
 */
export function paintHover(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  appearance: Appearance,
  theme: Theme,
  index: number,
): void {
  const point = pointAt(scene.transition, index);
  if (point === null || classOf(scene.flags[index] ?? 0) === "hidden") return;
  const { x, y, depth, magnification } = projectPoint(view, point);
  if (depth < 0 || depth > 1) return;
  const color = pointColor(scene, index);
  const edge = edgePlace(view.viewport, x, y);
  if (edge) {
    paintArrow(context, edge, color, theme);
    return;
  }
  const radius = radiusAt(scene, appearance, magnification);
  if (scene.drawsSprites && scene.sheet !== null && index < scene.sheet.nTiles) {
    paintTile(context, scene.sheet, index, x, y, radius, color, theme);
    return;
  }
  const dot = Math.max(3, radius * 1.2);
  disk(context, x, y, dot + 3.5, theme.hoverRing);
  disk(context, x, y, dot + 1.75, theme.background);
  disk(context, x, y, dot, color);
}

export function paintRegion(context: CanvasRenderingContext2D, region: Region, theme: Theme): void {
  context.beginPath();
  if (region.kind === "box") {
    const { left, top, right, bottom } = region;
    context.rect(left, top, right - left, bottom - top);
  } else {
    for (let i = 0; i + 1 < region.path.length; i += 2) {
      context.lineTo(region.path[i] as number, region.path[i + 1] as number);
    }
    context.closePath();
  }
  context.fillStyle = theme.selectedRing;
  context.globalAlpha = 0.09;
  context.fill("nonzero");
  context.globalAlpha = 0.9;
  context.strokeStyle = theme.textHalo;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.stroke();
  context.strokeStyle = theme.selectedRing;
  context.lineWidth = 1.25;
  context.stroke();
  context.globalAlpha = 1;
}

const AXES: readonly (readonly [string, Vec3])[] = [
  ["x", [1, 0, 0]],
  ["y", [0, 1, 0]],
  ["z", [0, 0, 1]],
];
const AXIS_LENGTH = 22;
const AXIS_MARGIN = 44;

/**
 * Three short axes in the lower left corner, which show how the cloud is turned. They fade out
 * towards 2D, where they are needed only while the view is rolled.
 */
export function paintAxes(
  context: CanvasRenderingContext2D,
  view: View,
  rotation: Quaternion,
  theme: Theme,
  fontFamily: string,
): void {
  const isTurned = Math.abs(rotation[2]) > 1e-6;
  if (view.depth === 0 && !isTurned) return;
  const x = AXIS_MARGIN;
  const y = view.viewport.height - AXIS_MARGIN;
  const turned = AXES.map(([name, axis]) => ({ name, at: rotate(rotation, axis) }));
  // Farthest first: what points at the viewer lies on top.
  turned.sort((a, b) => a.at[2] - b.at[2]);
  context.font = `500 10px ${fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineCap = "round";
  context.lineWidth = 1.25;
  for (const { name, at } of turned) {
    // Seen from above there is no third axis.
    const presence = name !== "z" && isTurned ? 1 : view.depth;
    context.globalAlpha = (0.75 + 0.25 * at[2]) * presence;
    context.strokeStyle = theme.axes;
    context.fillStyle = theme.axes;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + at[0] * AXIS_LENGTH, y - at[1] * AXIS_LENGTH);
    context.stroke();
    context.fillText(name, x + at[0] * (AXIS_LENGTH + 8), y - at[1] * (AXIS_LENGTH + 8));
  }
  context.globalAlpha = 1;
}

function paintTile(
  context: CanvasRenderingContext2D,
  sheet: SpriteSheet,
  index: number,
  x: number,
  y: number,
  radius: number,
  color: string,
  theme: Theme,
): void {
  const side = Math.max(MIN_HOVER_SPRITE, radius * 2.3);
  const [aspectX, aspectY] = aspectOf(sheet);
  const width = side * aspectX;
  const height = side * aspectY;
  const left = x - width / 2;
  const top = y - height / 2;
  const column = index % sheet.columns;
  const row = Math.floor(index / sheet.columns);
  frame(context, left - 5, top - 5, width + 10, height + 10, 7, theme.hoverRing);
  frame(context, left - 3, top - 3, width + 6, height + 6, 5, color);
  frame(context, left, top, width, height, 3, theme.background);
  // Few large pixels, as of a digit, are clearer than a blur of them.
  context.imageSmoothingEnabled = sheet.tileWidth >= 48;
  context.drawImage(
    sheet.image,
    column * sheet.tileWidth,
    row * sheet.tileHeight,
    sheet.tileWidth,
    sheet.tileHeight,
    left,
    top,
    width,
    height,
  );
}

function frame(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  corner: number,
  color: string,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, corner);
  context.fillStyle = color;
  context.fill();
}

function disk(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
}

function pointColor(scene: Scene, index: number): string {
  const { codes, palette } = scene.coloring;
  const offset = (codes[index] ?? 0) * 4;
  return `rgb(${palette[offset] ?? 128} ${palette[offset + 1] ?? 128} ${palette[offset + 2] ?? 128})`;
}
