/**
 * Draws the picture at rest in parts, one a frame, into a target of its own, and copies it to the
 * screen when it is whole; of several views one after the other. Between two parts the GPU is free:
 * when the camera moves meanwhile, the picture is abandoned, and the movement waits for one part at
 * most.
 */

import type { Frame } from "../gpu/frame";
import { Fence, type GL, RenderTarget } from "../gpu/gl";
import type { Screen } from "../gpu/graphics";
import type { Renderer } from "../gpu/renderer";
import type { Scene } from "../scene/scene";
import { type BudgetShare, isCostly } from "./frame-budget";

/** Where the next part begins. */
interface Position {
  readonly layer: number;
  readonly first: number;
}

/** A part that the GPU is drawing. */
interface Part {
  readonly fence: Fence;
  readonly nPoints: number;
  readonly start: number;
  /** How often it was asked whether it is done: once a frame. */
  nPolls: number;
}

export class ProgressivePicture {
  private frame: Frame | null = null;
  private position: Position = { layer: 0, first: 0 };
  private target: RenderTarget | null = null;
  private part: Part | null = null;

  constructor(
    private readonly gl: GL,
    private readonly screen: Pick<Screen, "begin">,
    private readonly renderer: Renderer,
    private readonly budget: BudgetShare,
  ) {}

  /** Whether step() has to be called again. */
  get hasWork(): boolean {
    return this.frame !== null || this.part !== null;
  }

  get isBegun(): boolean {
    return this.frame !== null;
  }

  /** Draw this frame from now on, and nothing that was begun before. */
  begin(frame: Frame): void {
    this.frame = frame;
    this.position = { layer: 0, first: 0 };
  }

  /** What was begun is out of date. */
  abandon(): void {
    this.frame = null;
    this.freeTarget();
    this.freePart();
  }

  /** Measure how long the GPU takes for the points that were just drawn. */
  measure(nPoints: number): void {
    this.freePart();
    if (!isCostly(nPoints)) return;
    const fence = Fence.after(this.gl);
    if (fence === null) return;
    const all = this.budget.load(nPoints);
    this.part = { fence, nPoints: all, start: performance.now(), nPolls: 0 };
  }

  /** Draw the next part if the GPU is done with the last one; true if the picture is now whole. */
  step(scene: Scene): boolean {
    if (!this.isFree() || !this.budget.isFree) return false;
    const { frame, renderer, gl } = this;
    if (frame === null) return false;
    const target = this.targetOf(frame);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    const layers = renderer.layersOf(scene);
    const { layer, first } = this.position;
    if (layer === 0 && first === 0) renderer.clear(frame);
    const now = layers[layer];
    const total = now?.size ?? 0;
    const count = Math.min(this.budget.partLimit(total), total - first);
    const part = { first, count, total };
    if (now !== undefined) renderer.drawLayer(scene, frame, now, part, target.framebuffer);
    const isLayerDone = first + count >= total;
    this.position = isLayerDone ? { layer: layer + 1, first: 0 } : { layer, first: first + count };
    const isWhole = this.position.layer >= layers.length;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (isWhole) {
      this.screen.begin(frame.width, frame.height);
      target.copyToScreen();
      this.abandon();
    }
    this.measure(count);
    return isWhole;
  }

  dispose(): void {
    this.abandon();
  }

  /** Whether the GPU is done with the last part; the budget learns how long it took. */
  private isFree(): boolean {
    const { part } = this;
    if (part === null) return true;
    part.nPolls++;
    if (!part.fence.isPassed()) return false;
    this.budget.recordPart(part.nPoints, part.nPolls, performance.now() - part.start);
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
    if (this.part === null) return;
    this.part.fence.dispose();
    this.part = null;
    this.budget.load(0);
  }
}
