/** Draws a scene: the order of the passes, and nothing about how each of them works. */
import type { View } from "../model/camera";
import type { Appearance } from "./appearance";
import { DensityPass } from "./density";
import type { Frame } from "./frame";
import { type GL, RenderTarget } from "./gl";
import { LinesPass } from "./lines";
import type { Nearby } from "./nearby";
import { PickPass, type Window } from "./picking";
import { PointBuffers, type PointPart } from "./point-buffers";
import { PointsPass } from "./points";
import type { Scene } from "./scene";
import { SpritesPass } from "./sprites";

/** Points are drawn in layers, one over the other; emphasized ones over all. */
export type PointLayer = "ghost" | "plain";

export class Renderer {
  drawCalls = 0;
  private readonly buffers: PointBuffers;
  private readonly points: PointsPass;
  private readonly sprites: SpritesPass;
  private readonly lines: LinesPass;
  private readonly picking: PickPass;
  /** Made when it is first wanted; null where the browser can not. */
  private density: DensityPass | null | undefined;

  constructor(private readonly gl: GL) {
    this.buffers = new PointBuffers(gl);
    this.points = new PointsPass(gl);
    this.sprites = new SpritesPass(gl);
    this.lines = new LinesPass(gl);
    this.picking = new PickPass(gl);
    gl.enable(gl.DEPTH_TEST);
    // Equal depth, as everywhere in 2D, lets the later point win: the picture is then in data order.
    gl.depthFunc(gl.LEQUAL);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /**
   * `nDrawn`: how many of the points that are not emphasized; fewer than all while it moves.
   * `target` is bound.
   */
  draw(
    scene: Scene,
    frame: Frame,
    nDrawn = scene.nPoints,
    target: WebGLFramebuffer | null = null,
  ): void {
    this.clear(frame);
    const part = { first: 0, count: nDrawn, total: nDrawn };
    for (const layer of this.layersOf(scene)) this.drawLayer(scene, frame, layer, part, target);
    this.drawTop(scene, frame);
  }

  clear(frame: Frame): void {
    const { gl } = this;
    this.drawCalls = 0;
    const [r, g, b] = frame.colors.background;
    gl.clearColor(r, g, b, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  }

  /** What lies below all else, in the order of drawing. */
  layersOf(scene: Scene): readonly PointLayer[] {
    const { ghost, plain } = scene.counts;
    // Emphasized points are drawn on top of a density, and count in it.
    const counted = this.densityOf(scene) ? plain + scene.emphasized.length : plain;
    return [
      ...(ghost > 0 ? (["ghost"] as const) : []),
      ...(counted > 0 ? (["plain"] as const) : []),
    ];
  }

  /** A part of a layer's points, of the dealt order; `target` is bound before and afterwards. */
  drawLayer(
    scene: Scene,
    frame: Frame,
    layer: PointLayer,
    part: PointPart,
    target: WebGLFramebuffer | null,
  ): void {
    const { gl, buffers } = this;
    const density = layer === "plain" ? this.densityOf(scene) : null;
    buffers.sync(scene);
    if (density) {
      density.draw(scene, frame, buffers, part, target);
      this.drawCalls += density.drawCalls;
    } else {
      this.preparePass(scene, frame).use(layer);
      // Context lies underneath everything, whatever its depth.
      const isHiding = frame.view.depth === 0 || frame.appearance.isSolid;
      gl.depthMask(layer === "plain" && isHiding);
      buffers.drawDealt(part);
      gl.depthMask(true);
      this.drawCalls++;
    }
    gl.bindVertexArray(null);
  }

  /** Lines and emphasized points, which stand over the layers. */
  drawTop(scene: Scene, frame: Frame): void {
    const { gl, buffers } = this;
    if (scene.nPoints === 0) return;
    if (scene.edges.length > 1) {
      this.lines.draw(scene, frame);
      this.drawCalls++;
    }
    if (scene.emphasized.length > 0) {
      buffers.sync(scene);
      this.preparePass(scene, frame).use("emphasized");
      this.drawCalls += buffers.drawEmphasized(scene.counts);
    }
    gl.bindVertexArray(null);
  }

  /** Draw into a picture of its own; RGBA rows from the top. */
  drawToPixels(scene: Scene, frame: Frame): Uint8ClampedArray<ArrayBuffer> {
    const { gl } = this;
    const { width, height } = frame;
    const target = new RenderTarget(gl, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    this.draw(scene, frame, scene.nPoints, target.framebuffer);
    const pixels = new Uint8ClampedArray(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    target.dispose();
    flipRows(pixels, width * 4);
    return pixels;
  }

  /** False if an earlier question is still open; `nearby` spares looking at every point. */
  pick(
    scene: Scene,
    view: View,
    appearance: Appearance,
    at: { readonly x: number; readonly y: number },
    answer: (index: number | null) => void,
    nearby: Nearby | null,
  ): boolean {
    if (this.picking.isPending) return false;
    this.buffers.sync(scene);
    this.picking.ask(scene, view, appearance, at, this.buffers, answer, nearby);
    this.gl.bindVertexArray(null);
    return true;
  }

  /** 1 for every point that is seen in a part of the picture. */
  seenIn(scene: Scene, view: View, appearance: Appearance, window: Window): Uint8Array {
    this.buffers.sync(scene);
    const seen = this.picking.seenIn(scene, view, appearance, window, this.buffers);
    this.gl.bindVertexArray(null);
    return seen;
  }

  pollPick(): boolean {
    return this.picking.poll();
  }

  dispose(): void {
    this.density?.dispose();
    for (const part of [this.buffers, this.points, this.sprites, this.lines, this.picking]) {
      part.dispose();
    }
  }

  private densityOf(scene: Scene): DensityPass | null {
    if (!scene.drawsDensity) return null;
    if (this.density === undefined) this.density = DensityPass.create(this.gl);
    return this.density;
  }

  private preparePass(scene: Scene, frame: Frame): PointsPass | SpritesPass {
    if (scene.drawsSprites && scene.sheet !== null) {
      this.sprites.prepare(scene, frame, this.buffers, scene.sheet);
      return this.sprites;
    }
    this.points.prepare(scene, frame, this.buffers);
    return this.points;
  }
}

/** WebGL's first row is the lowest, an image's the highest. */
function flipRows(pixels: Uint8ClampedArray, rowBytes: number): void {
  const row = new Uint8ClampedArray(rowBytes);
  for (let top = 0, bottom = pixels.length - rowBytes; top < bottom; top += rowBytes) {
    row.set(pixels.subarray(top, top + rowBytes));
    pixels.copyWithin(top, bottom, bottom + rowBytes);
    pixels.set(row, bottom);
    bottom -= rowBytes;
  }
}
