/** Queries for the point under the pointer: one at a time, and of hovers only the newest. */
import type { View } from "../../model/camera/camera";
import type { Renderer } from "../gpu/renderer";
import type { Point } from "../input/controls";
import type { ScreenGrid } from "../input/cpu-picking";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";

interface Click {
  readonly at: Point;
  readonly answer: (index: number | null) => void;
}

/** What a query is answered from. */
interface QueryContext {
  readonly renderer: Renderer;
  readonly scene: Scene;
  readonly view: View;
  readonly appearance: Appearance;
  /** Narrows the points down where drawing all of them takes long; null where the GPU is quick. */
  readonly grid: ScreenGrid | null;
}

/** Time in a frame for filling the grid. */
const FILL_MILLISECONDS = 8;

export class HoverQueries {
  private pointer: Point | null = null;
  private isHoverDue = false;
  private readonly clicks: Click[] = [];
  private hovered: number | null = null;
  private isWaiting = false;

  constructor(private readonly onHover: (index: number | null) => void) {}

  get hasWork(): boolean {
    return this.isWaiting || this.isHoverDue || this.clicks.length > 0;
  }

  /** The pointer is here, or (null) has left the canvas or begun to drag. */
  pointAt(at: Point | null): void {
    this.pointer = at;
    this.isHoverDue = at !== null;
    if (at === null) this.report(null);
  }

  /** The picture changed under a resting pointer. */
  repeat(): void {
    this.isHoverDue = this.pointer !== null;
  }

  click(at: Point, answer: (index: number | null) => void): void {
    this.clicks.push({ at, answer });
  }

  /** Take an answer that has come and start the next query; called once a frame. */
  step(context: QueryContext): void {
    if (this.isWaiting) this.isWaiting = !context.renderer.pollPick();
    if (this.isWaiting || !(this.isHoverDue || this.clicks.length > 0)) return;
    if (context.grid?.fill(context.scene, context.view, FILL_MILLISECONDS) === false) return;
    const click = this.clicks.shift();
    if (click !== undefined) {
      this.isWaiting = this.start(context, click.at, click.answer);
      return;
    }
    const { pointer } = this;
    this.isHoverDue = false;
    if (pointer === null) return;
    this.isWaiting = this.start(context, pointer, (index) => {
      // The pointer may have left while the GPU was at work.
      if (this.pointer !== null) this.report(index);
    });
  }

  /** The WebGL context is lost, and every open query with it. */
  reset(): void {
    this.isWaiting = false;
    this.clicks.length = 0;
    this.repeat();
  }

  private start(
    { renderer, scene, view, appearance, grid }: QueryContext,
    at: Point,
    answer: (index: number | null) => void,
  ): boolean {
    if (scene.nPoints === 0) {
      answer(null);
      return false;
    }
    return renderer.pick(scene, view, appearance, at, answer, grid);
  }

  private report(index: number | null): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.onHover(index);
  }
}
