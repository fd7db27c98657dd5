/** Starts and stops the controllers of views as views are added and removed. */
import { effect, untracked } from "@preact/signals";
import type { ViewId } from "../../store/state/view-id";
import type { RootStore } from "../../store/store";
import type { RunningView } from "../view/start-view";

export interface RunningViews {
  /** null for a view that is not there, or not any more. */
  get(id: ViewId): RunningView | null;
  stop(): void;
}

export function runViews(root: RootStore, start: (id: ViewId) => RunningView): RunningViews {
  const running = new Map<ViewId, RunningView>();
  const order = root.select((state) => state.order);
  const stop = effect(() => {
    const ids = order.value;
    untracked(() => {
      for (const [id, view] of running) {
        if (ids.includes(id)) continue;
        running.delete(id);
        view.remove();
      }
      for (const id of ids) if (!running.has(id)) running.set(id, start(id));
    });
  });
  return {
    get: (id) => running.get(id) ?? null,
    stop() {
      stop();
      for (const view of running.values()) view.stop();
      running.clear();
    },
  };
}
