/** Paints one thing over the points of views; what has not changed is not painted anew. */
import type { Painter } from "../../render/scene/types";
import type { ViewId } from "../../store/state/view-id";
import type { RunningViews } from "./view-runner";

export interface Painting<Input> {
  /** Its place among all that is painted. */
  readonly name: string;
  readonly isSame: (a: Input, b: Input) => boolean;
  readonly painterOf: (input: Input) => Painter;
}

export class ViewPainter<Input> {
  private readonly painted = new Map<ViewId, Input>();

  constructor(
    private readonly views: RunningViews,
    private readonly painting: Painting<Input>,
  ) {}

  /** null: nothing is painted in the view. */
  paint(id: ViewId, input: Input | null): void {
    const { name, isSame, painterOf } = this.painting;
    const before = this.painted.get(id);
    if (input === null ? before === undefined : before && isSame(before, input)) return;
    this.views.get(id)?.cloud.setPainter(name, input && painterOf(input));
    if (input === null) this.painted.delete(id);
    else this.painted.set(id, input);
  }

  /** Views that are not there any more take with them what was painted. */
  forget(remaining: ReadonlyMap<ViewId, unknown>): void {
    for (const id of this.painted.keys()) if (!remaining.has(id)) this.painted.delete(id);
  }
}
