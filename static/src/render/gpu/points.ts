/** The pass that draws points as round dots with a soft edge. */

import type { Scene } from "../scene/scene";
import { rgb } from "./colors";
import { type Frame, fogUniform, guardBand, POINT_UNIFORMS, pointUniforms } from "./frame";
import { type GL, maxPointSize, type Program } from "./gl";
import { drawPoints, kindOf, type LayerName, type Pass, type PassInput, pointsIn } from "./pass";
import type { PointBuffers } from "./point-buffers";
import pointSource from "./shaders/point.glsl?raw";
import fragmentSource from "./shaders/points.frag?raw";
import vertexSource from "./shaders/points.vert?raw";
import type { Shared } from "./shared";

/** Uniforms of shaders/points.vert and points.frag. */
const UNIFORMS = {
  ...POINT_UNIFORMS,
  palette: "int",
  opacity: "float",
  ghost: "vec4",
  background: "vec3",
  ring: "vec3",
  style: "vec3",
} as const;

export class PointsPass implements Pass {
  readonly drawCalls = 1;
  private readonly program: Program<typeof UNIFORMS>;
  private readonly gl: GL;
  private readonly maxSize: number;

  constructor(shared: Shared) {
    this.gl = shared.gl;
    this.program = shared.program(pointSource + vertexSource, fragmentSource, UNIFORMS);
    // Half is left for the rings around selected points.
    this.maxSize = maxPointSize(shared.gl) / 2;
  }

  sizeOf(layer: LayerName, scene: Scene): number {
    return pointsIn(layer, scene);
  }

  draw(layer: LayerName, input: PassInput): void {
    this.prepare(layer, input.scene, input.frame, input.buffers);
    drawPoints(this.gl, layer, input);
  }

  private prepare(layer: LayerName, scene: Scene, frame: Frame, buffers: PointBuffers): void {
    const { appearance, colors, pixelRatio } = frame;
    const most = Math.min(this.maxSize, appearance.maxPointSize * pixelRatio);
    const band = guardBand(frame.view.matrix, frame.width, frame.height, most);
    this.gl.viewport(band.x, band.y, band.width, band.height);
    buffers.bindPalette(0);
    this.program.use({
      ...pointUniforms(scene, frame.view, band.matrix),
      layer: kindOf(layer),
      size: [appearance.pointSize * pixelRatio, most],
      palette: 0,
      opacity: appearance.opacity,
      ghost: [...rgb(colors.ghost), colors.ghost[3] * appearance.ghostOpacity],
      background: rgb(colors.background),
      ring: rgb(colors.selectedRing),
      style: [appearance.ringStrength, pixelRatio, appearance.isSolid ? 1 : 0],
      fog: fogUniform(scene, frame),
    });
  }

  /** It has nothing of its own. */
  dispose(): void {}
}
