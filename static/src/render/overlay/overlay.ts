/** Paints the overlay over the points; the same on the screen and in an exported image. */
import type { View } from "../../model/camera/camera";
import type { Quaternion } from "../../model/camera/quaternion";
import type { Region } from "../input/lasso";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";
import type { Painter, Theme } from "../scene/types";
import { paintAxes, paintHover, paintRegion } from "./axes-and-rings";
import { LabelPainter } from "./label-painter";
import { placesOf } from "./places";

export interface OverlayInput {
  readonly scene: Scene;
  readonly view: View;
  readonly appearance: Appearance;
  readonly theme: Theme;
  readonly rotation: Quaternion;
  readonly fontFamily: string;
  /** CSS pixels of the page's text. */
  readonly fontSize: number;
  /** Canvas pixels per CSS pixel. */
  readonly pixelRatio: number;
}

export class Overlay {
  readonly labels = new LabelPainter();
  hover: number | null = null;
  region: Region | null = null;
  /** By the name of who paints. */
  readonly painters = new Map<string, Painter>();

  /** Paint over whatever the canvas holds. */
  paint(context: CanvasRenderingContext2D, input: OverlayInput): void {
    const { scene, view, appearance, theme, fontFamily, fontSize, pixelRatio } = input;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    paintAxes(context, view, input.rotation, theme, fontFamily);
    for (const paint of this.painters.values()) paint(context, placesOf(scene, view), theme);
    if (this.hover !== null) {
      paintHover(context, scene, view, appearance, theme, this.hover);
    }
    this.labels.paint(context, scene, view, appearance, theme, {
      family: fontFamily,
      size: fontSize,
    });
    if (this.region !== null) paintRegion(context, this.region, theme);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }
}
