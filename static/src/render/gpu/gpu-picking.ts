/**
 * Finds the point under the pointer on the GPU: the ids in a small window are drawn and read back
 * without waiting, so that a slow GPU never blocks the page.
 */
import type { View } from "../../model/camera/camera";
import { windowMatrix } from "../../model/camera/matrix";
import type { Candidates, ScreenGrid } from "../input/cpu-picking";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";
import { POINT_KIND, POINT_UNIFORMS, pointUniforms } from "./frame";
import { type GL, type Program, RenderTarget } from "./gl";
import type { PointBuffers } from "./point-buffers";
import fragmentSource from "./shaders/pick.frag?raw";
import vertexSource from "./shaders/pick.vert?raw";
import pointSource from "./shaders/point.glsl?raw";
import type { Shared } from "./shared";
import { aspectOf } from "./sprites";

/** Uniforms of shaders/pick.vert and pick.frag. */
const UNIFORMS = { ...POINT_UNIFORMS, halfShape: "vec2" } as const;

/** CSS pixels: a dot of two pixels can still be hit with a finger's or a mouse's precision. */
const WINDOW = 9;

/** A part of the picture by its center and its size; whole CSS pixels. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PendingQuery {
  readonly sync: WebGLSync;
  readonly pixels: WebGLBuffer;
  readonly answer: (index: number | null) => void;
}

export class PickPass {
  private readonly gl: GL;
  private readonly program: Program<typeof UNIFORMS>;
  private readonly target: RenderTarget;
  private readonly window: Window;
  private pending: PendingQuery | null = null;

  constructor(shared: Shared) {
    this.gl = shared.gl;
    this.program = shared.program(pointSource + vertexSource, fragmentSource, UNIFORMS);
    this.target = new RenderTarget(shared.gl, WINDOW, WINDOW);
    this.window = { x: 0, y: 0, width: WINDOW, height: WINDOW };
  }

  get isPending(): boolean {
    return this.pending !== null;
  }

  /** Start a query for the point at (x, y) CSS pixels; poll() answers it. The buffers are bound. */
  start(
    scene: Scene,
    view: View,
    appearance: Appearance,
    at: { readonly x: number; readonly y: number },
    buffers: PointBuffers,
    answer: (index: number | null) => void,
    grid: ScreenGrid | null,
  ): void {
    const { gl } = this;
    const reach = WINDOW / 2 + largestPoint(scene, view, appearance) / 2 + 1;
    const candidates = grid?.around(scene, at.x, at.y, reach) ?? null;
    const window = { ...this.window, ...at };
    this.drawIds(scene, view, appearance, window, this.target, buffers, candidates);
    // A new buffer each time: a browser prepares one for reading once, and writing to it again makes
    // reading wait.
    const pixels = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pixels);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, WINDOW * WINDOW * 4, gl.STREAM_READ);
    gl.readPixels(0, 0, WINDOW, WINDOW, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    // Without a fence the context is lost, and with it the answer.
    if (sync === null) {
      gl.deleteBuffer(pixels);
      return;
    }
    gl.flush();
    this.pending = { sync, pixels, answer };
  }

  /** Answers the pending query if the GPU is done; true if it was. */
  poll(): boolean {
    if (this.pending === null) return false;
    const { gl } = this;
    const { sync, pixels, answer } = this.pending;
    if (gl.getSyncParameter(sync, gl.SYNC_STATUS) !== gl.SIGNALED) return false;
    const bytes = new Uint8Array(WINDOW * WINDOW * 4);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pixels);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, bytes);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    this.close();
    answer(nearestId(bytes, WINDOW));
    return true;
  }

  dispose(): void {
    this.close();
    this.target.dispose();
  }

  private close(): void {
    if (this.pending === null) return;
    this.gl.deleteSync(this.pending.sync);
    this.gl.deleteBuffer(this.pending.pixels);
    this.pending = null;
  }

  /**
   * 1 for every point of which at least one pixel is visible in a window of the picture. It waits for
   * the GPU: it is called once, when a box or lasso is finished.
   */
  visibleIn(
    scene: Scene,
    view: View,
    appearance: Appearance,
    window: Window,
    buffers: PointBuffers,
  ): Uint8Array {
    const { gl } = this;
    const visible = new Uint8Array(scene.nPoints);
    const target = new RenderTarget(gl, window.width, window.height);
    this.drawIds(scene, view, appearance, window, target, buffers);
    const bytes = new Uint8Array(window.width * window.height * 4);
    gl.readPixels(0, 0, window.width, window.height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    target.dispose();
    for (const id of new Uint32Array(bytes.buffer)) if (id > 0) visible[id - 1] = 1;
    return visible;
  }

  private drawIds(
    scene: Scene,
    view: View,
    appearance: Appearance,
    window: Window,
    target: RenderTarget,
    buffers: PointBuffers,
    candidates: Candidates | null = null,
  ): void {
    const { gl } = this;
    const { width, height } = view.viewport;
    const sheet = scene.drawsSprites ? scene.sheet : null;
    const size = sheet ? appearance.spriteSize : appearance.pointSize;
    const most = sheet ? appearance.maxSpriteSize : appearance.maxPointSize;
    // The viewport exceeds the window, else a large point whose center lies outside were dropped.
    const margin = Math.ceil(most / 2) + 1;
    const sideX = window.width + 2 * margin;
    const sideY = window.height + 2 * margin;
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    gl.viewport(-margin, -margin, sideX, sideY);
    gl.disable(gl.BLEND);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const centerX = (window.x / width) * 2 - 1;
    const centerY = 1 - (window.y / height) * 2;
    const matrix = windowMatrix(view.matrix, centerX, centerY, width / sideX, height / sideY);
    const [aspectX, aspectY] = sheet ? aspectOf(sheet) : [-2, -2];
    this.program.use({
      ...pointUniforms(scene, view, matrix),
      layer: POINT_KIND.plain,
      size: [size, most],
      fog: [0, 0, 0, 0],
      halfShape: [aspectX / 2, aspectY / 2],
    });
    if (candidates !== null) this.drawCandidates(candidates, buffers);
    else this.drawEverything(scene, buffers);
    gl.enable(gl.BLEND);
  }

  private drawEverything(scene: Scene, buffers: PointBuffers): void {
    buffers.drawAll(scene.nPoints);
    if (scene.emphasized.length > 0) {
      // As on the screen: emphasized points are in front of all others.
      this.program.use({ layer: POINT_KIND.emphasized });
      for (const kind of ["neighbor", "selected"] as const) {
        const total = scene.counts[kind];
        if (total === 0) continue;
        this.gl.clear(this.gl.DEPTH_BUFFER_BIT);
        buffers.drawEmphasized(kind, scene.counts, { first: 0, count: total, total });
      }
    }
  }

  private drawCandidates(candidates: Candidates, buffers: PointBuffers): void {
    const { gl } = this;
    buffers.drawRows(candidates.plain);
    this.program.use({ layer: POINT_KIND.emphasized });
    for (const kind of ["neighbor", "selected"] as const) {
      gl.clear(gl.DEPTH_BUFFER_BIT);
      buffers.drawRows(candidates[kind]);
    }
  }
}

/** CSS pixels across the largest point that can stand anywhere in the picture. */
function largestPoint(scene: Scene, view: View, appearance: Appearance): number {
  if (scene.drawsSprites) return appearance.maxSpriteSize;
  const nearest = Math.max(view.originDepth - 1, view.eyeDistance / 50);
  const magnification = view.perspective > 0 ? view.eyeDistance / nearest : 1;
  const factor = scene.weights.size === null ? 1 : 3;
  return Math.min(appearance.maxPointSize, appearance.pointSize * magnification * factor);
}

/** The id nearest to the middle of a square window of RGBA bytes, less one; null if there is none. */
export function nearestId(bytes: Uint8Array, side: number): number | null {
  const middle = (side - 1) / 2;
  let best = Number.POSITIVE_INFINITY;
  let found: number | null = null;
  const ids = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const id = ids.getUint32((y * side + x) * 4, true);
      const distance = (x - middle) ** 2 + (y - middle) ** 2;
      if (id !== 0 && distance < best) {
        best = distance;
        found = id - 1;
      }
    }
  }
  return found;
}
