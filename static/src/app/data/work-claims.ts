/** Which views wait for which work: work is stopped only once none does. */
import type { ViewId } from "../../store/state/view-id";

export class WorkClaims {
  /** By the work (see `Pursuit.work`). */
  private readonly views = new Map<string, Set<ViewId>>();

  claim(work: string, view: ViewId): void {
    const waiting = this.views.get(work);
    if (waiting) waiting.add(view);
    else this.views.set(work, new Set([view]));
  }

  /** The view waits for it no longer. */
  release(work: string, view: ViewId): void {
    const waiting = this.views.get(work);
    waiting?.delete(view);
    if (waiting?.size === 0) this.views.delete(work);
  }

  /** The view waits for nothing any longer; what it waited for. */
  releaseAll(view: ViewId): readonly string[] {
    const works = [...this.views].filter(([, waiting]) => waiting.has(view)).map(([work]) => work);
    for (const work of works) this.release(work, view);
    return works;
  }

  isClaimed(work: string): boolean {
    return this.views.has(work);
  }
}
