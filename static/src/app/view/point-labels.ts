/** Chooses the points that have labels: those in view, once nothing moves and they are few enough. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Cloud } from "../../render/scene/types";
import { MAX_NAMED_POINTS, namesPoints } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export interface PointLabels {
  readonly rows: ReadonlySignal<Iterable<number>>;
  /** The plot came to rest: find the points that are in view now. */
  update(): void;
  stop(): void;
}

const NO_ROWS: Iterable<number> = [];

export function createPointLabels(store: Store, cloud: () => Cloud): PointLabels {
  const rows = signal(NO_ROWS);
  const isWanted = store.select(namesPoints);
  function update(): void {
    rows.value = (isWanted.peek() && cloud().pointsInView(MAX_NAMED_POINTS)) || NO_ROWS;
  }
  const stop = effect(() => {
    isWanted.value;
    update();
  });
  return { rows, update, stop };
}
