/**
 * The pass that draws points as a density: colors and counts are summed in a grid, smoothed, and
 * turned into an image whose hue is the mean color at a place and whose opacity shows the number of
 * points there. A sum has no order, so neither has the image.
 */

import { windowMatrix } from "../../model/camera/matrix";
import type { Scene } from "../scene/scene";
import { isLight, rgb } from "./colors";
import { type Grid, gridOf, OPAQUE, toneTable, weightAt } from "./density-tone";
import { type Frame, fogUniform, POINT_KIND, POINT_UNIFORMS, pointUniforms } from "./frame";
import { createTexture, type GL, type Program } from "./gl";
import type { LayerName, Pass, PassInput } from "./pass";
import type { PointBuffers, PointPart } from "./point-buffers";
import countFragment from "./shaders/density-count.frag?raw";
import countVertex from "./shaders/density-count.vert?raw";
import histogramVertex from "./shaders/density-histogram.vert?raw";
import resolveFragment from "./shaders/density-resolve.frag?raw";
import resolveVertex from "./shaders/density-resolve.vert?raw";
import smoothFragment from "./shaders/density-smooth.frag?raw";
import smoothVertex from "./shaders/density-smooth.vert?raw";
import pointSource from "./shaders/point.glsl?raw";
import type { Shared } from "./shared";

const COUNT = { ...POINT_UNIFORMS, palette: "int", weight: "float" } as const;
const SMOOTH = { cells: "int", size: "vec2", step: "vec2", taps: "floats", radius: "int" } as const;
const HISTOGRAM = { cells: "int", size: "vec2", stride: "int", single: "float" } as const;
const RESOLVE = {
  cells: "int",
  histogram: "int",
  grid: "vec2",
  single: "float",
  tone: "floats",
  deep: "vec2",
  background: "vec4",
} as const;

/** How much the densest places differ from their color: darkened, a color soon seems another. */
const DARKER = 0.16;
const LIGHTER = 0.22;

/** As in shaders/density-histogram.vert and density-resolve.vert. */
const N_BINS = 128;

interface Format {
  readonly internal: number;
  readonly type: number;
  /** As many samples as one number of this kind can count. */
  readonly maxSamples: number;
}

/** Floating-point numbers that can be drawn to and added up; null where the browser has none. */
function formatOf(gl: GL): Format | null {
  const hasFloat = gl.getExtension("EXT_color_buffer_float") !== null;
  if (hasFloat && gl.getExtension("EXT_float_blend") !== null) {
    return { internal: gl.RGBA32F, type: gl.FLOAT, maxSamples: 16_384 };
  }
  // Stops counting at 2048 in one cell: the densest places are then flat, the others correct.
  if (hasFloat || gl.getExtension("EXT_color_buffer_half_float") !== null) {
    return { internal: gl.RGBA16F, type: gl.HALF_FLOAT, maxSamples: 2048 };
  }
  return null;
}

/** Whether the browser can draw a density at all. */
export function canDrawDensity(gl: GL): boolean {
  return formatOf(gl) !== null;
}

/** A floating-point texture that can be drawn to; it grows as it is needed. */
class FloatTarget {
  readonly framebuffer: WebGLFramebuffer;
  private readonly texture: WebGLTexture;
  private width = 0;
  private height = 0;

  constructor(
    private readonly gl: GL,
    private readonly format: Format,
  ) {
    this.texture = createTexture(gl, gl.NEAREST);
    this.framebuffer = gl.createFramebuffer();
  }

  /** Draw to it from now on; its content may be lost. */
  begin(width: number, height: number): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    if (width > this.width || height > this.height) {
      this.width = Math.max(width, this.width);
      this.height = Math.max(height, this.height);
      const { internal, type } = this.format;
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, this.texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, internal, this.width, this.height, 0, gl.RGBA, type, null);
      const to = gl.COLOR_ATTACHMENT0;
      gl.framebufferTexture2D(gl.FRAMEBUFFER, to, gl.TEXTURE_2D, this.texture, 0);
    }
    gl.viewport(0, 0, width, height);
  }

  bind(unit: number): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.texture);
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.gl.deleteFramebuffer(this.framebuffer);
  }
}

export class DensityPass implements Pass {
  readonly drawCalls = 5;
  /** Made when it is first used: its programs take a while to compile. */
  private painter: DensityPainter | null = null;

  private constructor(
    private readonly shared: Shared,
    private readonly format: Format,
  ) {}

  /** null where the browser cannot add numbers up. */
  static create(shared: Shared): DensityPass | null {
    const format = formatOf(shared.gl);
    return format && new DensityPass(shared, format);
  }

  /** Emphasized points are drawn on top of a density, and count in it. */
  sizeOf(layer: LayerName, scene: Scene): number {
    if (layer !== "plain" || !scene.drawsDensity) return 0;
    const { counts, emphasized, nPoints } = scene;
    return counts.plain + counts.below + emphasized.length > 0 ? nPoints : 0;
  }

  draw(_: LayerName, input: PassInput): void {
    this.painter ??= new DensityPainter(this.shared, this.format);
    this.painter.draw(input);
  }

  dispose(): void {
    this.painter?.dispose();
  }
}

class DensityPainter {
  private readonly gl: GL;
  private readonly count: Program<typeof COUNT>;
  private readonly smooth: Program<typeof SMOOTH>;
  private readonly histogram: Program<typeof HISTOGRAM>;
  private readonly resolve: Program<typeof RESOLVE>;
  private readonly cells: FloatTarget;
  private readonly halfSmooth: FloatTarget;
  private readonly bins: FloatTarget;
  /** No attributes: what is drawn with it makes its vertices up. */
  private readonly noAttributes: WebGLVertexArrayObject;

  constructor(
    shared: Shared,
    private readonly format: Format,
  ) {
    const { gl } = shared;
    this.gl = gl;
    this.count = shared.program(pointSource + countVertex, countFragment, COUNT);
    this.smooth = shared.program(smoothVertex, smoothFragment, SMOOTH);
    this.histogram = shared.program(histogramVertex, countFragment, HISTOGRAM);
    this.resolve = shared.program(resolveVertex, resolveFragment, RESOLVE);
    this.cells = new FloatTarget(gl, format);
    this.halfSmooth = new FloatTarget(gl, format);
    this.bins = new FloatTarget(gl, format);
    this.noAttributes = gl.createVertexArray();
  }

  /** Over what the target holds; nothing is visible of it before the last part. */
  draw({ scene, frame, buffers, part, target }: PassInput): void {
    const { gl } = this;
    const { width, height, pixelRatio } = frame;
    const share = part.total / scene.nPoints;
    const grid = gridOf(width, height, scene.smoothing * pixelRatio, share);
    const { single } = grid;
    gl.disable(gl.DEPTH_TEST);
    gl.blendFunc(gl.ONE, gl.ONE);
    this.accumulate(scene, frame, buffers, grid, part);
    if (part.first + part.count < part.total) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, target);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.enable(gl.DEPTH_TEST);
      return;
    }
    gl.bindVertexArray(this.noAttributes);
    this.smoothCells(grid);
    this.sample(grid);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    gl.viewport(0, 0, width, height);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.cells.bind(0);
    this.bins.bind(1);
    this.resolve.use({
      cells: 0,
      histogram: 1,
      grid: [grid.cell, grid.margin],
      single,
      tone: toneTable(scene.opacityScale),
      deep: [OPAQUE, isLight(frame.colors.background) ? -DARKER : LIGHTER],
      background: [...rgb(frame.colors.background), fogUniform(scene, frame)[3]],
    });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.enable(gl.DEPTH_TEST);
  }

  dispose(): void {
    for (const part of [this.cells, this.halfSmooth, this.bins]) part.dispose();
    this.gl.deleteVertexArray(this.noAttributes);
  }

  /** Sum the colors and the number of all points that are neither hidden nor filtered out. */
  private accumulate(
    scene: Scene,
    frame: Frame,
    buffers: PointBuffers,
    { cell, columns, rows, margin }: Grid,
    part: PointPart,
  ): void {
    const { width, height } = frame;
    const matrix = windowMatrix(
      frame.view.matrix,
      ((columns - 2 * margin) * cell) / width - 1,
      ((rows - 2 * margin) * cell) / height - 1,
      width / (columns * cell),
      height / (rows * cell),
    );
    if (part.first === 0) this.clear(this.cells, columns, rows);
    else this.cells.begin(columns, rows);
    buffers.bindPalette(0);
    this.count.use({
      ...pointUniforms(scene, frame.view, matrix),
      layer: POINT_KIND.counted,
      palette: 0,
      weight: weightAt(part.total / scene.nPoints),
      fog: fogUniform(scene, frame),
    });
    buffers.drawInOrder(part);
  }

  /** Along the rows, then along the columns: a Gaussian is the product of both. */
  private smoothCells({ columns, rows, taps }: Grid): void {
    if (taps.length === 1) return;
    const { gl, cells, halfSmooth } = this;
    gl.disable(gl.BLEND);
    const values = { cells: 0, size: [columns, rows] as const, taps, radius: taps.length - 1 };
    for (const [from, to, step] of [
      [cells, halfSmooth, [1, 0]],
      [halfSmooth, cells, [0, 1]],
    ] as const) {
      to.begin(columns, rows);
      from.bind(0);
      this.smooth.use({ ...values, step });
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
    gl.enable(gl.BLEND);
  }

  /** Count how many places are how dense: the densest of them set the scale for the others. */
  private sample({ columns, rows, single }: Grid): void {
    const { gl } = this;
    const stride = Math.ceil(Math.sqrt((columns * rows) / this.format.maxSamples));
    this.clear(this.bins, N_BINS, 1);
    this.cells.bind(0);
    this.histogram.use({ cells: 0, size: [columns, rows], stride, single });
    gl.drawArrays(gl.POINTS, 0, Math.ceil(columns / stride) * Math.ceil(rows / stride));
  }

  private clear(target: FloatTarget, width: number, height: number): void {
    const { gl } = this;
    target.begin(width, height);
    // Of a texture that has grown, clear only what is used: a small part while the picture moves.
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.disable(gl.SCISSOR_TEST);
  }
}
