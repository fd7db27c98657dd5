/**
 * The picture at rest, drawn in parts into a target of its own, one part a frame, and put on the
 * screen when it is whole. Between two parts the GPU is free: whoever moves the picture meanwhile
 * gives it up and waits for one part at most.
 */

import type { Frame } from "../gpu/frame";
import { Fence, type GL, RenderTarget } from "../gpu/gl";
import type { Renderer } from "../gpu/renderer";
import type { Scene } from "../scene/scene";
import { type Budget, isCostly } from "./frame-budget";

/** Where the next part begins. */
interface Place {
  readonly layer: number;
  readonly first: number;
}

interface Part {
  readonly fence: Fence;
  readonly nPoints: number;
  readonly start: number;
  appearanceRevision: number;
}

export class FullPicture {
  private frame: Frame | null = null;
  private place: Place = { layer: 0, first: 0 };
  private target: RenderTarget | null = null;
  private part: Part | null = null;

  constructor(
    private readonly gl: GL,
    private readonly renderer: Renderer,
    private readonly budget: Budget,
  ) {}

  /** Whether step() has to be called again. */
  get hasWork(): boolean {
    return this.frame !== null || this.part !== null;
  }

  get isBegun(): boolean {
    return this.frame !== null;
  }

  /** Draw this from now on, and nothing that was begun before. */
  begin(frame: Frame): void {
    this.frame = frame;
    this.place = { layer: 0, first: 0 };
  }

  /** What was begun is out of date. */
  giveUp(): void {
    this.frame = null;
    this.freeTarget();
    this.freePart();
  }

  /** So many points were just drawn: how long that takes is worth knowing. */
  watch(nPoints: number): void {
    this.freePart();
    if (!isCostly(nPoints)) return;
    const fence = Fence.after(this.gl);
    this.part = fence && { fence, nPoints, start: performance.now(), appearanceRevision: 0 };
  }

  /** Draw the next part if the GPU is done with the last one; true if the picture is now whole. */
  step(scene: Scene): boolean {
    if (!this.isFree()) return false;
    const { frame, renderer, gl } = this;
    if (frame === null) return false;
    const target = this.targetOf(frame);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    const layers = renderer.layersOf(scene);
    const { layer, first } = this.place;
    if (layer === 0 && first === 0) renderer.clear(frame);
    const now = layers[layer];
    const total = now?.size ?? 0;
    const count = Math.min(this.budget.part(total), total - first);
    const part = { first, count, total };
    if (now !== undefined) renderer.drawLayer(scene, frame, now, part, target.framebuffer);
    const isLayerDone = first + count >= total;
    this.place = isLayerDone ? { layer: layer + 1, first: 0 } : { layer, first: first + count };
    const isWhole = this.place.layer >= layers.length;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (isWhole) {
      target.copyToScreen();
      this.giveUp();
    }
    this.watch(count);
    return isWhole;
  }

  dispose(): void {
    this.giveUp();
  }

  /** Whether the GPU has done what it got last; if it has just now, the budget hears how long it took. */
  private isFree(): boolean {
    const { part } = this;
    if (part === null) return true;
    part.appearanceRevision++;
    if (!part.fence.isPassed()) return false;
    this.budget.partTook(part.nPoints, part.appearanceRevision, performance.now() - part.start);
    this.freePart();
    return true;
  }

  private targetOf({ width, height }: Frame): RenderTarget {
    if (this.target?.width !== width || this.target.height !== height) this.freeTarget();
    this.target ??= new RenderTarget(this.gl, width, height);
    return this.target;
  }

  private freeTarget(): void {
    this.target?.dispose();
    this.target = null;
  }

  private freePart(): void {
    this.part?.fence.dispose();
    this.part = null;
  }
}
