/** Finds the points to be named: those in view, once nothing moves and they are few enough. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Cloud } from "../../render/scene/types";
import { MAX_NAMED_POINTS, namesPoints } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export interface PointNames {
  readonly rows: ReadonlySignal<Iterable<number>>;
  /** Nothing moves any more: find the points in view. */
  look(): void;
  stop(): void;
}

const NO_ROWS: Iterable<number> = [];

export function createPointNames(store: Store, cloud: () => Cloud): PointNames {
  const rows = signal(NO_ROWS);
  const isWanted = store.select(namesPoints);
  function look(): void {
    rows.value = (isWanted.peek() && cloud().pointsInView(MAX_NAMED_POINTS)) || NO_ROWS;
  }
  const stop = effect(() => {
    isWanted.value;
    look();
  });
  return { rows, look, stop };
}
