/** Draws a scene: the order of the passes, and nothing about how each of them works. */
import type { View } from "../../model/camera/camera";
import type { Nearby } from "../input/cpu-picking";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";
import { DensityPass } from "./density";
import type { Frame } from "./frame";
import { type GL, RenderTarget } from "./gl";
import { PickPass, type Window } from "./gpu-picking";
import { LinesPass } from "./lines";
import { PointBuffers, type PointPart } from "./point-buffers";
import { PointsPass } from "./points";
import { SpritesPass } from "./sprites";

/** The picture's layers, the lowest first: context, points, lines, and what is emphasized over all. */
export interface PictureLayer {
  readonly name: "ghost" | "plain" | "lines" | "neighbor" | "selected";
  /** What has to be drawn of it; lines are drawn at once. */
  readonly size: number;
}

/** So few emphasized points are never left out, or a hand would not see what it selected. */
const NEVER_FEWER = 5000;

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
   * `nDrawn`: about how many of all points; fewer than all while it moves.
   * `target` is bound.
   */
  draw(
    scene: Scene,
    frame: Frame,
    nDrawn = scene.nPoints,
    target: WebGLFramebuffer | null = null,
  ): void {
    this.clear(frame);
    for (const layer of this.layersOf(scene)) {
      const share = Math.ceil((layer.size * nDrawn) / Math.max(1, scene.nPoints));
      const isOver = layer.name === "neighbor" || layer.name === "selected";
      const count = isOver ? Math.max(share, Math.min(layer.size, NEVER_FEWER)) : share;
      this.drawLayer(scene, frame, layer, { first: 0, count, total: count }, target);
    }
  }

  clear(frame: Frame): void {
    const { gl } = this;
    this.drawCalls = 0;
    const [r, g, b] = frame.colors.background;
    gl.clearColor(r, g, b, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  }

  layersOf(scene: Scene): readonly PictureLayer[] {
    const { counts, edges, nPoints, emphasized } = scene;
    // Emphasized points are drawn on top of a density, and count in it.
    const plain = this.densityOf(scene) ? counts.plain + emphasized.length : counts.plain;
    const layers: PictureLayer[] = [
      { name: "ghost", size: counts.ghost > 0 ? nPoints : 0 },
      { name: "plain", size: plain > 0 ? nPoints : 0 },
      { name: "lines", size: edges.length > 1 && nPoints > 0 ? 1 : 0 },
      { name: "neighbor", size: counts.neighbor },
      { name: "selected", size: counts.selected },
    ];
    return layers.filter(({ size }) => size > 0);
  }

  /** A part of a layer, of the dealt order; `target` is bound before and afterwards. */
  drawLayer(
    scene: Scene,
    frame: Frame,
    { name }: PictureLayer,
    part: PointPart,
    target: WebGLFramebuffer | null,
  ): void {
    const { gl, buffers } = this;
    const density = name === "plain" ? this.densityOf(scene) : null;
    buffers.sync(scene);
    this.drawCalls += density?.drawCalls ?? 1;
    if (name === "lines") this.lines.draw(scene, frame);
    else if (density) density.draw(scene, frame, buffers, part, target);
    else if (name === "ghost" || name === "plain") {
      this.preparePass(scene, frame).use(name);
      // Context lies underneath everything, whatever its depth.
      const isHiding = frame.view.depth === 0 || frame.appearance.isSolid;
      gl.depthMask(name === "plain" && isHiding);
      buffers.drawDealt(part);
      gl.depthMask(true);
    } else {
      this.preparePass(scene, frame).use("emphasized");
      // Over everything, whatever stands before it.
      if (part.first === 0) gl.clear(gl.DEPTH_BUFFER_BIT);
      buffers.drawEmphasized(name, scene.counts, part);
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
