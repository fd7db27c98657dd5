/** Questions about what is under the pointer, one at a time; of hovers only the newest matters. */
import type { View } from "../../model/camera/camera";
import type { Renderer } from "../gpu/renderer";
import type { Point } from "../input/controls";
import type { Nearby } from "../input/cpu-picking";
import type { Appearance } from "../scene/appearance";
import type { Scene } from "../scene/scene";

interface Click {
  readonly at: Point;
  readonly answer: (index: number | null) => void;
}

/** What questions are about. */
export interface Asked {
  readonly renderer: Renderer;
  readonly scene: Scene;
  readonly view: View;
  readonly appearance: Appearance;
  /** Where looking at every point takes long; null where the GPU is quick. */
  readonly nearby: Nearby | null;
}

/** Of a frame, for noting where the points stand. */
const PREPARING_MILLISECONDS = 8;

export class Picker {
  private pointer: Point | null = null;
  private isHoverWanted = false;
  private readonly clicks: Click[] = [];
  private hovered: number | null = null;
  private isWaiting = false;

  constructor(private readonly onHover: (index: number | null) => void) {}

  get hasWork(): boolean {
    return this.isWaiting || this.isHoverWanted || this.clicks.length > 0;
  }

  /** The pointer is here, or has left the picture or begun to drag. */
  pointAt(at: Point | null): void {
    this.pointer = at;
    this.isHoverWanted = at !== null;
    if (at === null) this.report(null);
  }

  /** The picture changed under a resting pointer. */
  askAgain(): void {
    this.isHoverWanted = this.pointer !== null;
  }

  click(at: Point, answer: (index: number | null) => void): void {
    this.clicks.push({ at, answer });
  }

  /** Take an answer that has come and ask the next question; called once a frame. */
  step(place: Asked): void {
    if (this.isWaiting) this.isWaiting = !place.renderer.pollPick();
    if (this.isWaiting || !(this.isHoverWanted || this.clicks.length > 0)) return;
    if (place.nearby?.prepare(place.scene, place.view, PREPARING_MILLISECONDS) === false) return;
    const click = this.clicks.shift();
    if (click !== undefined) {
      this.isWaiting = this.ask(place, click.at, click.answer);
      return;
    }
    const { pointer } = this;
    this.isHoverWanted = false;
    if (pointer === null) return;
    this.isWaiting = this.ask(place, pointer, (index) => {
      // The pointer may have left while the GPU was at work.
      if (this.pointer !== null) this.report(index);
    });
  }

  /** The context is gone, and with it every open question. */
  forget(): void {
    this.isWaiting = false;
    this.clicks.length = 0;
    this.askAgain();
  }

  private ask(
    { renderer, scene, view, appearance, nearby }: Asked,
    at: Point,
    answer: (index: number | null) => void,
  ): boolean {
    if (scene.nPoints === 0) {
      answer(null);
      return false;
    }
    return renderer.pick(scene, view, appearance, at, answer, nearby);
  }

  private report(index: number | null): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.onHover(index);
  }
}
