/** Draws a scene, layer by layer, each by the first pass that can draw it. */
import type { View } from "../../model/camera/camera";
import type { ScreenGrid } from "../input/cpu-picking";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";
import { DensityPass } from "./density";
import type { Frame } from "./frame";
import { type GL, RenderTarget, type UploadMeter } from "./gl";
import { PickPass, type Window } from "./gpu-picking";
import { LinesPass } from "./lines";
import { LAYER_NAMES, type LayerName, type Pass } from "./pass";
import { PointBuffers, type PointPart } from "./point-buffers";
import { PointsPass } from "./points";
import type { Shared } from "./shared";
import { SpritesPass } from "./sprites";

/** A layer of the picture, and the pass that draws it. */
export interface PictureLayer {
  readonly name: LayerName;
  readonly pass: Pass;
  /** How much has to be drawn of it, in points; lines are drawn at once. */
  readonly size: number;
}

/** So few emphasized points are never left out, or what was selected would vanish in a movement. */
const NEVER_FEWER = 5000;

export class Renderer {
  drawCalls = 0;
  private readonly gl: GL;
  private readonly buffers: PointBuffers;
  /** Of several that can draw a layer, the first one does. */
  private readonly passes: readonly Pass[];
  private readonly picking: PickPass;

  /** @param meter Counts the bytes that go to the GPU; it outlives a lost context. */
  constructor(shared: Shared, meter: UploadMeter) {
    const { gl } = shared;
    this.gl = gl;
    this.buffers = new PointBuffers(shared, meter);
    const density = DensityPass.create(shared);
    this.passes = [
      ...(density ? [density] : []),
      new SpritesPass(shared),
      new PointsPass(shared),
      new LinesPass(shared, meter),
    ];
    this.picking = new PickPass(shared);
    gl.enable(gl.DEPTH_TEST);
    // Equal depth, as everywhere in 2D, lets the later point win: the picture is then in draw order.
    gl.depthFunc(gl.LEQUAL);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /**
   * `nDrawn`: about how many of all points; fewer than all during a movement. `target` is bound.
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

  /** The layers that have something to draw, the lowest first. */
  layersOf(scene: Scene): readonly PictureLayer[] {
    return LAYER_NAMES.flatMap((name) => {
      for (const pass of this.passes) {
        const size = pass.sizeOf(name, scene);
        if (size > 0) return [{ name, pass, size }];
      }
      return [];
    });
  }

  /** A part of a layer, in draw order; `target` is bound before and afterwards. */
  drawLayer(
    scene: Scene,
    frame: Frame,
    { name, pass }: PictureLayer,
    part: PointPart,
    target: WebGLFramebuffer | null,
  ): void {
    this.buffers.sync(scene);
    this.drawCalls += pass.drawCalls;
    pass.draw(name, { scene, frame, buffers: this.buffers, part, target });
    this.gl.bindVertexArray(null);
  }

  /** Draw into an image of its own; RGBA rows from the top. */
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

  /** False if an earlier query is still open; with a `grid`, only points near the place are drawn. */
  pick(
    scene: Scene,
    view: View,
    appearance: Appearance,
    at: { readonly x: number; readonly y: number },
    answer: (index: number | null) => void,
    grid: ScreenGrid | null,
  ): boolean {
    if (this.picking.isPending) return false;
    this.buffers.sync(scene);
    this.picking.start(scene, view, appearance, at, this.buffers, answer, grid);
    this.gl.bindVertexArray(null);
    return true;
  }

  /** 1 for every point that is visible in a window of the picture. */
  visibleIn(scene: Scene, view: View, appearance: Appearance, window: Window): Uint8Array {
    this.buffers.sync(scene);
    const visible = this.picking.visibleIn(scene, view, appearance, window, this.buffers);
    this.gl.bindVertexArray(null);
    return visible;
  }

  pollPick(): boolean {
    return this.picking.poll();
  }

  dispose(): void {
    for (const part of [this.buffers, this.picking, ...this.passes]) part.dispose();
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
