/** How many points each entry of the legend has: those that pass, and those that are selected. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { selection } from "../selectors/shown";
import type { Store } from "../store";
import type { DerivedColoring } from "./coloring";
import type { Filtering } from "./filtering";

/** By palette slot. */
export interface LegendCounts {
  /** null while all points pass. */
  readonly passing: Uint32Array | null;
  /** null while nothing is selected. */
  readonly selected: Uint32Array | null;
}

/** As many slots as the renderer's palette has. */
const MAX_SLOTS = 4096;

export function deriveLegendCounts(
  store: Store,
  { coloring, legend }: DerivedColoring,
  filtering: ReadonlySignal<Filtering>,
): ReadonlySignal<LegendCounts> {
  const selected = store.select(selection);
  return computed(() => {
    const codes = coloring.value?.codes;
    const { failures, hidden } = filtering.value;
    if (!codes || legend.value.kind !== "categories") return { passing: null, selected: null };
    return {
      passing: failures || hidden ? countSlots(codes, failures, hidden) : null,
      selected: selected.value.length > 0 ? countSelected(codes, selected.value) : null,
    };
  });
}

function countSlots(codes: Uint16Array, failures: Uint8Array | null, hidden: Uint8Array | null) {
  const counts = new Uint32Array(MAX_SLOTS);
  for (let index = 0; index < codes.length; index++) {
    if (failures?.[index] || hidden?.[index]) continue;
    const slot = codes[index] as number;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}

function countSelected(codes: Uint16Array, rows: Uint32Array): Uint32Array {
  const counts = new Uint32Array(MAX_SLOTS);
  for (const row of rows) {
    const slot = codes[row] ?? MAX_SLOTS;
    if (slot < MAX_SLOTS) counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}
