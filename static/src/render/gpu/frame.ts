/** Everything that a picture depends on besides the points: view, target size, colors, appearance. */
import type { View } from "../../model/camera/camera";
import { type Mat4, windowMatrix } from "../../model/camera/matrix";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";
import type { Layer } from "../scene/transition";
import type { ThemeColors } from "./colors";
import type { UniformValues } from "./gl";

export interface Frame {
  readonly view: View;
  readonly appearance: Appearance;
  readonly colors: ThemeColors;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  /** Device pixels of the target. */
  readonly width: number;
  readonly height: number;
}

/** The kinds of points of shaders/point.glsl. */
export const POINT_KIND = {
  ghost: 0,
  plain: 1,
  emphasized: 2,
  counted: 3,
  below: 4,
  above: 5,
} as const;

/** Uniforms of shaders/point.glsl. */
export const POINT_UNIFORMS = {
  matrix: "mat4",
  fromFit: "vec4",
  toFit: "vec4",
  progress: "float",
  layer: "int",
  size: "vec2",
  eyeDistance: "float",
  fog: "vec4",
} as const;

/** How strongly depth fades into the background, and unselected points next to a selection. */
const FOG = 0.42;
const STEP_BACK = 0.45;
/** A faint image cannot be recognized; the ring around the selected ones does the rest. */
const SPRITES_STEP_BACK = 0.16;

export function pointUniforms(
  scene: Scene,
  view: View,
  matrix: Mat4,
): Omit<UniformValues<typeof POINT_UNIFORMS>, "layer" | "size" | "fog"> {
  const { from, to, progress } = scene.transition;
  return {
    matrix: new Float32Array(matrix),
    fromFit: fitUniform(from ?? to),
    toFit: fitUniform(to),
    progress,
    eyeDistance: view.perspective > 0 ? view.eyeDistance : 0,
  };
}

/** Nearest depth, 1 / range, strength, and how far unselected points step back. */
export function fogUniform(
  scene: Scene,
  { view }: Frame,
): readonly [number, number, number, number] {
  const nearest = Math.max(0, view.originDepth - 1);
  const isSelecting = scene.emphasized.length > 0 && scene.counts.plain + scene.counts.below > 0;
  return [
    nearest,
    1 / Math.max(1e-3, view.originDepth + 1 - nearest),
    scene.hasFog ? FOG * view.perspective : 0,
    isSelecting ? (scene.drawsSprites ? SPRITES_STEP_BACK : STEP_BACK) : 0,
  ];
}

/**
 * A viewport larger than the target, with a matrix to match. GL drops a point whose center leaves the
 * viewport, so that large points would vanish at the edge instead of sliding out.
 */
export function guardBand(matrix: Mat4, width: number, height: number, margin: number) {
  const pixels = Math.ceil(margin);
  return {
    matrix: windowMatrix(
      matrix,
      0,
      0,
      width / (width + 2 * pixels),
      height / (height + 2 * pixels),
    ),
    x: -pixels,
    y: -pixels,
    width: width + 2 * pixels,
    height: height + 2 * pixels,
  };
}

function fitUniform({ fit }: Layer): readonly [number, number, number, number] {
  return [fit.center[0], fit.center[1], fit.center[2], fit.scale];
}
