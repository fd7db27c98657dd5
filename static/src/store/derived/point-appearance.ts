/** Sizes, opacities and connecting lines of points. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { opacityBytes, sizeBytes } from "../../model/color/point-weights";
import { type ColumnRef, resolveColumn } from "../../model/data/dataset";
import { nextColumn, type Sequences, sequencesOf } from "../../model/view/sequences";
import { selection, shownDataset } from "../selectors/shown";
import type { Store } from "../store";

export interface PointAppearance {
  /** A byte a point; null where all are alike. */
  readonly sizes: ReadonlySignal<Uint8Array | null>;
  readonly opacities: ReadonlySignal<Uint8Array | null>;
  /** null where there is no column of successors, or lines are switched off. */
  readonly sequences: ReadonlySignal<Sequences | null>;
}

export function derivePointAppearance(store: Store): PointAppearance {
  const data = store.select(shownDataset);
  const numbersOf = (ref: ColumnRef | null) => {
    const column = data.value && resolveColumn(data.value.info, ref);
    const numbers = column && data.value?.columns[column.index]?.numbers;
    return column && numbers ? { column, numbers } : null;
  };
  const sizeBy = store.select(({ view }) => view.sizeBy);
  const opacityBy = store.select(({ view }) => view.opacityBy);
  const isWanted = store.select(({ view }) => view.lines);
  const selected = store.select(selection);
  const next = computed(() => {
    const column = data.value && nextColumn(data.value.info.columns);
    return (column && data.value?.columns[column.index]?.numbers) ?? null;
  });
  const still = store.select(({ page }) => page.still?.opacities ?? null);
  const own = computed(() => {
    const found = numbersOf(opacityBy.value);
    return found && opacityBytes(found.column, found.numbers);
  });
  return {
    sizes: computed(() => {
      const found = numbersOf(sizeBy.value);
      return found && sizeBytes(found.column, found.numbers);
    }),
    opacities: computed(() => withStill(own.value, still.value)),
    sequences: computed(() =>
      isWanted.value && next.value ? sequencesOf(next.value, selected.value) : null,
    ),
  };
}

function withStill(own: Uint8Array | null, still: Uint8Array | null): Uint8Array | null {
  if (!own || own.length !== still?.length) return still ?? own;
  return own.map((opacity, row) => (opacity * (still[row] ?? 255)) / 255);
}
