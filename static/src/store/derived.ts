/**
 * Values that take time to make from the state (a pass over all points), each made once and only
 * when something it depends on has changed.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import { type CategoryLabel, categoryLabels } from "../model/category-labels";
import {
  type Coloring,
  type ColumnValues,
  coloringOf,
  type Legend,
  legendOf,
  plainColoring,
} from "../model/color";
import type { Column } from "../model/dataset";
import { pointFlags } from "../model/point-flags";
import { colorColumn, colorScale, selection, shownDataset, themeName } from "./selectors/picture";
import type { Store } from "./store";

export interface Derived {
  /** Colors of the shown points; null while their column is on its way. */
  readonly coloring: ReadonlySignal<Coloring | null>;
  readonly legend: ReadonlySignal<Legend>;
  readonly flags: ReadonlySignal<Uint8Array>;
  readonly categoryLabels: ReadonlySignal<readonly CategoryLabel[]>;
}

const NO_LEGEND: Legend = { kind: "none" };
const NO_LABELS: readonly CategoryLabel[] = [];
const NO_NEIGHBORS: readonly number[] = [];

/** Labels of a moving picture would be placed anew in every frame; above this it shows. */
const MAX_LIVE_POINTS = 50_000;

export function derive(store: Store): Derived {
  const data = store.select(shownDataset);
  const theme = store.select(themeName);
  const column = computed(() => data.value && colorColumn(store.state.value, data.value));
  const scale = computed(() => column.value && colorScale(store.state.value, column.value));
  const nPoints = computed(() => data.value?.info.n_points ?? 0);
  const shown = store.select((state) => state.work.shown);
  const positions = computed(() => shown.value?.positions ?? null);
  const wantsLabels = store.select((state) => state.view.categoryLabels);

  const values = computed<ColumnValues | null>(() => {
    const loaded = column.value && data.value?.columns[column.value.index];
    if (!loaded) return null;
    return (scale.value === "numeric" ? loaded.numbers : loaded.codes) ?? null;
  });
  const colored = computed<{ column: Column; values: ColumnValues } | null>(() =>
    column.value && values.value ? { column: column.value, values: values.value } : null,
  );
  const coloring = computed(() => {
    if (!column.value) return plainColoring(nPoints.value, theme.value);
    if (!colored.value) return null;
    return coloringOf(colored.value.column, colored.value.values, theme.value);
  });
  const legend = computed(() =>
    colored.value ? legendOf(colored.value.column, colored.value.values, theme.value) : NO_LEGEND,
  );

  const selected = store.select(selection);
  const neighbors = store.select(
    (state) => state.attention.neighbors.value?.indices ?? NO_NEIGHBORS,
  );
  const found = store.select((state) =>
    state.attention.search.text === "" ? null : state.attention.search.rows.value,
  );
  const isolated = store.select((state) => state.view.isolated);
  const slots = computed(() =>
    isolated.value.length > 0 ? (coloring.value?.codes ?? null) : null,
  );
  const flags = computed(() =>
    pointFlags({
      nPoints: nPoints.value,
      selection: selected.value,
      neighbors: neighbors.value,
      found: found.value,
      isolated: isolated.value,
      slots: slots.value,
    }),
  );

  const names = computed(() => {
    if (!wantsLabels.value || !positions.value || values.value?.kind !== "codes") return NO_LABELS;
    if (shown.value?.isLive && nPoints.value > MAX_LIVE_POINTS) return NO_LABELS;
    return categoryLabels(positions.value, values.value);
  });

  return { coloring, legend, flags, categoryLabels: names };
}
