/** Which points are named: those in view, once the picture rests and they are few enough to read. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Cloud } from "../../render/scene/types";
import { MAX_NAMED_POINTS, namesPoints } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export interface PointNames {
  readonly rows: ReadonlySignal<Iterable<number>>;
  /** The picture came to rest: see who is in it now. */
  look(): void;
  stop(): void;
}

const NOBODY: Iterable<number> = [];

export function createPointNames(store: Store, cloud: () => Cloud): PointNames {
  const rows = signal(NOBODY);
  const isWanted = store.select(namesPoints);
  function look(): void {
    rows.value = (isWanted.peek() && cloud().pointsInView(MAX_NAMED_POINTS)) || NOBODY;
  }
  const stop = effect(() => {
    isWanted.value;
    look();
  });
  return { rows, look, stop };
}
