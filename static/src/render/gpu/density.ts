/**
 * Points as a density: colors and counts are added up in a grid of numbers, smoothed, and turned into
 * a picture, whose hue is the mean of what lies at a place and whose opacity tells how much lies
 * there. A sum has no order, so neither has the picture.
 */

import { windowMatrix } from "../../model/camera/matrix";
import type { Scene } from "../scene/scene";
import { isLight, rgb } from "./colors";
import { type Grid, gridOf, OPAQUE, toneTable, weightAt } from "./density-tone";
import { type Frame, fogUniform, LAYER, POINT_UNIFORMS, pointUniforms } from "./frame";
import { createTexture, type GL, Program } from "./gl";
import type { PointBuffers, PointPart } from "./point-buffers";
import countFragment from "./shaders/density-count.frag?raw";
import countVertex from "./shaders/density-count.vert?raw";
import histogramVertex from "./shaders/density-histogram.vert?raw";
import resolveFragment from "./shaders/density-resolve.frag?raw";
import resolveVertex from "./shaders/density-resolve.vert?raw";
import smoothFragment from "./shaders/density-smooth.frag?raw";
import smoothVertex from "./shaders/density-smooth.vert?raw";
import pointSource from "./shaders/point.glsl?raw";

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

/** How much the densest places differ from their color: dark ones soon look like another. */
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

/** Numbers that can be drawn to and added up; null where this browser has none. */
function formatOf(gl: GL): Format | null {
  const hasFloat = gl.getExtension("EXT_color_buffer_float") !== null;
  if (hasFloat && gl.getExtension("EXT_float_blend") !== null) {
    return { internal: gl.RGBA32F, type: gl.FLOAT, maxSamples: 16_384 };
  }
  // Stops counting at 2048 in one cell: the densest places are then flat, the others true.
  if (hasFloat || gl.getExtension("EXT_color_buffer_half_float") !== null) {
    return { internal: gl.RGBA16F, type: gl.HALF_FLOAT, maxSamples: 2048 };
  }
  return null;
}

/** Whether this browser can draw a density at all. */
export function canDrawDensity(gl: GL): boolean {
  return formatOf(gl) !== null;
}

/** A texture of numbers that can be drawn to; it grows as it is needed. */
class Numbers {
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

  /** Draw to it from now on; what it held may be lost. */
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

export class DensityPass {
  readonly drawCalls = 5;
  private readonly count: Program<typeof COUNT>;
  private readonly smooth: Program<typeof SMOOTH>;
  private readonly histogram: Program<typeof HISTOGRAM>;
  private readonly resolve: Program<typeof RESOLVE>;
  private readonly cells: Numbers;
  private readonly halfSmooth: Numbers;
  private readonly bins: Numbers;
  private readonly nothing: WebGLVertexArrayObject;

  private constructor(
    private readonly gl: GL,
    private readonly format: Format,
  ) {
    this.count = new Program(gl, pointSource + countVertex, countFragment, COUNT);
    this.smooth = new Program(gl, smoothVertex, smoothFragment, SMOOTH);
    this.histogram = new Program(gl, histogramVertex, countFragment, HISTOGRAM);
    this.resolve = new Program(gl, resolveVertex, resolveFragment, RESOLVE);
    this.cells = new Numbers(gl, format);
    this.halfSmooth = new Numbers(gl, format);
    this.bins = new Numbers(gl, format);
    this.nothing = gl.createVertexArray();
  }

  /** null where the browser can not add numbers up. */
  static create(gl: GL): DensityPass | null {
    const format = formatOf(gl);
    return format && new DensityPass(gl, format);
  }

  /**
   * Over what `target` holds; nothing is seen of it before the last part. The scene's buffers are bound,
   * and are no longer afterwards.
   */
  draw(
    scene: Scene,
    frame: Frame,
    buffers: PointBuffers,
    part: PointPart,
    target: WebGLFramebuffer | null,
  ): void {
    const { gl } = this;
    const { width, height, pixelRatio } = frame;
    const share = part.total / scene.nPoints;
    const grid = gridOf(width, height, scene.smoothing * pixelRatio, share);
    const { single } = grid;
    gl.disable(gl.DEPTH_TEST);
    gl.blendFunc(gl.ONE, gl.ONE);
    this.addUp(scene, frame, buffers, grid, part);
    if (part.first + part.count < part.total) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, target);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.enable(gl.DEPTH_TEST);
      return;
    }
    gl.bindVertexArray(this.nothing);
    this.smoothen(grid);
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
    const { count, smooth, histogram, resolve, cells, halfSmooth, bins } = this;
    for (const part of [count, smooth, histogram, resolve, cells, halfSmooth, bins]) part.dispose();
    this.gl.deleteVertexArray(this.nothing);
  }

  /** Light and count of every point that is neither hidden nor filtered out. */
  private addUp(
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
    if (part.first === 0) this.begin(this.cells, columns, rows);
    else this.cells.begin(columns, rows);
    buffers.bindPalette(0);
    this.count.use({
      ...pointUniforms(scene, frame.view, matrix),
      layer: LAYER.counted,
      palette: 0,
      weight: weightAt(part.total / scene.nPoints),
      fog: fogUniform(scene, frame),
    });
    buffers.drawDealt(part);
  }

  /** Along the rows, then along the columns: a Gaussian is the product of both. */
  private smoothen({ columns, rows, taps }: Grid): void {
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

  /** How many places are how dense: the densest of them make the measure for the others. */
  private sample({ columns, rows, single }: Grid): void {
    const { gl } = this;
    const stride = Math.ceil(Math.sqrt((columns * rows) / this.format.maxSamples));
    this.begin(this.bins, N_BINS, 1);
    this.cells.bind(0);
    this.histogram.use({ cells: 0, size: [columns, rows], stride, single });
    gl.drawArrays(gl.POINTS, 0, Math.ceil(columns / stride) * Math.ceil(rows / stride));
  }

  private begin(numbers: Numbers, width: number, height: number): void {
    const { gl } = this;
    numbers.begin(width, height);
    // Of a texture that has grown, only what is used: while the picture moves that is a small part.
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.disable(gl.SCISSOR_TEST);
  }
}
