/**
 * Chooses the points that have labels, once nothing moves: all in view where they are few, else the
 * most important ones with some room around each.
 */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { importanceColumn } from "../../model/data/importance";
import type { Cloud } from "../../render/scene/types";
import { clusterSearch } from "../../store/selectors/clusters";
import {
  hasShortNames,
  isNameAwaited,
  labelTexts,
  MAX_NAMED_POINTS,
  namesPoints,
  pointLabel,
  shownDataset,
} from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
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
  const importance = store.select(importanceOf);
  const texts = store.select((state) => labelTexts(state)?.someTexts ?? null);
  /** Whether names are on their way that decide which points have labels. */
  let isWaiting = false;
  function update(): void {
    isWaiting = false;
    rows.value = isWanted.peek() ? choose() : NO_ROWS;
  }
  function choose(): Iterable<number> {
    const all = cloud().pointsInView(MAX_NAMED_POINTS);
    const known = importance.peek();
    if (all || known === "awaited") return all ?? NO_ROWS;
    // How long names are is known from some of them.
    const isAnyKnown = texts.peek()?.size !== 0;
    if (isAnyKnown && !hasShortNames(store.state.peek())) return NO_ROWS;
    const found = [...cloud().standouts(known)];
    const awaited = found.filter((row) => isNameAwaited(store.state.peek(), row));
    isWaiting = awaited.length > 0;
    if (isWaiting) store.request({ kind: "load-names", rows: awaited });
    return isAnyKnown ? differing(found) : NO_ROWS;
  }
  /** The first with each name: where many points share it, one says it. */
  function differing(found: Iterable<number>): readonly number[] {
    const state = store.state.peek();
    const names = new Set<string>();
    return [...found].filter((row) => {
      if (isNameAwaited(state, row)) return false;
      const name = pointLabel(state, row);
      return !names.has(name) && names.add(name);
    });
  }
  const stops = [
    effect(() => {
      isWanted.value;
      importance.value;
      update();
    }),
    effect(() => {
      texts.value;
      if (isWaiting) update();
    }),
  ];
  return {
    rows,
    update,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/**
 * By row: the column that says it, or of how many points each is a neighbor; null where neither is
 * known, so that the order of the file does.
 */
function importanceOf(state: State): ArrayLike<number> | null | "awaited" {
  const data = shownDataset(state);
  const column = data && importanceColumn(data.info.columns);
  if (column) return data?.columns[column.index]?.numbers?.values ?? "awaited";
  return clusterSearch(state)?.degree ?? null;
}
