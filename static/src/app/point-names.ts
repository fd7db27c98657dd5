/** Which points are named: those in view, once the picture rests and they are few enough to read. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Cloud } from "../render/types";
import { MAX_NAMED_POINTS, namesPoints } from "../store/selectors/picture";
import type { Store } from "../store/store";

export interface PointNames {
  readonly rows: ReadonlySignal<readonly number[]>;
  /** The picture came to rest: see who is in it now. */
  look(): void;
  stop(): void;
}

const NOBODY: readonly number[] = [];

export function createPointNames(store: Store, cloud: () => Cloud): PointNames {
  const rows = signal(NOBODY);
  const isWanted = store.select(namesPoints);
  function look(): void {
    if (!isWanted.peek()) {
      rows.value = NOBODY;
      return;
    }
    const inView = cloud().pointsInView();
    const next = inView.length > MAX_NAMED_POINTS ? NOBODY : [...inView];
    const isSame =
      next.length === rows.peek().length && next.every((row, at) => rows.peek()[at] === row);
    // Names are drawn, and what is drawn comes to rest again.
    if (!isSame) rows.value = next;
  }
  const stop = effect(() => {
    isWanted.value;
    look();
  });
  return { rows, look, stop };
}
