/** A pass: one way of drawing some layers of a scene. */
import type { Scene } from "../scene/scene";
import { type Frame, POINT_KIND } from "./frame";
import type { GL } from "./gl";
import type { PointBuffers, PointPart } from "./point-buffers";

/**
 * The layers of a picture, the lowest first: context, points without a color of their own, those
 * with one, lines, and what is emphasized.
 */
export const LAYER_NAMES = ["ghost", "below", "plain", "lines", "neighbor", "selected"] as const;

export type LayerName = (typeof LAYER_NAMES)[number];

/** What a pass draws from, and what it draws to. */
export interface PassInput {
  readonly scene: Scene;
  readonly frame: Frame;
  /** The scene's points; they are bound and up to date. */
  readonly buffers: PointBuffers;
  /** The part of the layer that is to be drawn. */
  readonly part: PointPart;
  /** Where to; null is the screen. It is bound before, and must be bound afterwards. */
  readonly target: WebGLFramebuffer | null;
}

export interface Pass {
  /** Draw calls for one layer. */
  readonly drawCalls: number;
  /** How much there is to draw of a layer, in points; 0 where this pass does not draw it. */
  sizeOf(layer: LayerName, scene: Scene): number;
  draw(layer: LayerName, input: PassInput): void;
  dispose(): void;
}

/** What a pass has to draw of a scene's points, apart from how it draws them. */
export function pointsIn(layer: LayerName, { counts, nPoints, drawsDensity }: Scene): number {
  // A density has them already.
  if (layer === "below" && drawsDensity) return 0;
  switch (layer) {
    case "ghost":
    case "below":
    case "plain":
      // The shader skips points of another class; their number is known, their place is not.
      return counts[layer] > 0 ? nPoints : 0;
    case "neighbor":
    case "selected":
      return counts[layer];
    case "lines":
      return 0;
  }
}

/** The kind of the points in a layer, as shaders/point.glsl counts them. */
export function kindOf(layer: LayerName): number {
  if (layer === "ghost" || layer === "below") return POINT_KIND[layer];
  if (layer === "plain") return POINT_KIND.above;
  return POINT_KIND.emphasized;
}

/** Draw the points of a layer by the program that is in use. */
export function drawPoints(gl: GL, layer: LayerName, input: PassInput): void {
  const { scene, frame, buffers, part } = input;
  if (layer === "neighbor" || layer === "selected") {
    // Over everything, whatever stands before it.
    if (part.first === 0) gl.clear(gl.DEPTH_BUFFER_BIT);
    buffers.drawEmphasized(layer, scene.counts, part);
    return;
  }
  // Context lies underneath everything, whatever its depth.
  const isHiding = frame.view.depth === 0 || frame.appearance.isSolid;
  gl.depthMask(layer !== "ghost" && isHiding);
  buffers.drawInOrder(part);
  gl.depthMask(true);
}
