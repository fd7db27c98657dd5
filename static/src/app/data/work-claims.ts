/** Which views wait for which work: work is stopped only once none does. */
import type { ViewId } from "../../store/state/view-id";

export class WorkClaims {
  /** By the key of the request that the work answers. */
  private readonly views = new Map<string, Set<ViewId>>();

  claim(key: string, view: ViewId): void {
    const waiting = this.views.get(key);
    if (waiting) waiting.add(view);
    else this.views.set(key, new Set([view]));
  }

  /** The view waits for it no longer. */
  release(key: string, view: ViewId): void {
    const waiting = this.views.get(key);
    waiting?.delete(view);
    if (waiting?.size === 0) this.views.delete(key);
  }

  /** The view waits for nothing any longer; the keys of what it waited for. */
  releaseAll(view: ViewId): readonly string[] {
    const keys = [...this.views].filter(([, waiting]) => waiting.has(view)).map(([key]) => key);
    for (const key of keys) this.release(key, view);
    return keys;
  }

  isClaimed(key: string): boolean {
    return this.views.has(key);
  }
}
