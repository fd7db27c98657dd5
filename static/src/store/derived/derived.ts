/**
 * Values that take time to make from the state (a pass over all points), each made once and only
 * when something it depends on has changed.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import { coloringOf, legendOf, plainColoring } from "../../model/color/color";
import type { Coloring, ColorStyle, ColumnValues, Legend } from "../../model/color/color-style";
import type { Column } from "../../model/data/dataset";
import { isFigureColumn } from "../../model/projection/quality";
import { type CategoryLabel, categoryLabels } from "../../model/view/category-labels";
import { pointFlags } from "../../model/view/point-flags";
import { openAnswer } from "../selectors/companions";
import { coloredFigure, figureData } from "../selectors/quality";
import { colorColumn, colorScale, selection, shownDataset, themeName } from "../selectors/shown";
import type { Store } from "../store";
import { deriveFiltering, type Filtering } from "./filtering";

export interface Derived {
  /** Colors of the shown points; null while their column is on its way. */
  readonly coloring: ReadonlySignal<Coloring | null>;
  readonly legend: ReadonlySignal<Legend>;
  /** For each entry of the legend, by slot, how many points pass and how many are selected. */
  readonly legendCounts: ReadonlySignal<LegendCounts>;
  readonly filtering: ReadonlySignal<Filtering>;
  readonly flags: ReadonlySignal<Uint8Array>;
  readonly categoryLabels: ReadonlySignal<readonly CategoryLabel[]>;
}

export interface LegendCounts {
  /** null while all points pass. */
  readonly passing: Uint32Array | null;
  /** null while nothing is selected. */
  readonly selected: Uint32Array | null;
}

const NO_LEGEND: Legend = { kind: "none" };
const NO_LABELS: readonly CategoryLabel[] = [];
const NO_SWATCHES = {};
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

  const figure = store.select((state) => {
    const colored = coloredFigure(state);
    return colored && (figureData(state, colored)?.numbers ?? null);
  });
  const values = computed<ColumnValues | null>(() => {
    if (column.value && isFigureColumn(column.value)) return figure.value;
    const loaded = column.value && data.value?.columns[column.value.index];
    if (!loaded) return null;
    return (scale.value === "numeric" ? loaded.numbers : loaded.codes) ?? null;
  });
  const colored = computed<{ column: Column; values: ColumnValues } | null>(() =>
    column.value && values.value ? { column: column.value, values: values.value } : null,
  );
  const ramp = store.select((state) => state.view.ramp);
  const swatches = computed(
    () => store.state.value.view.swatches[column.value?.name ?? ""] ?? NO_SWATCHES,
  );
  const style = computed<ColorStyle>(() => ({
    theme: theme.value,
    swatches: swatches.value,
    ramp: ramp.value,
  }));
  const coloring = computed(() => {
    // A picture that moves has no figures yet, and those of another would be wrong.
    const isUnmeasured = column.value && isFigureColumn(column.value) && shown.value?.isLive;
    if (!column.value || isUnmeasured) return plainColoring(nPoints.value, theme.value);
    if (!colored.value) return null;
    return coloringOf(colored.value.column, colored.value.values, style.value);
  });
  const legend = computed(() =>
    colored.value ? legendOf(colored.value.column, colored.value.values, style.value) : NO_LEGEND,
  );

  const selected = store.select(selection);
  const neighbors = store.select(
    (state) =>
      openAnswer(state)?.value?.indices ?? state.attention.neighbors.value?.indices ?? NO_NEIGHBORS,
  );
  const found = store.select((state) =>
    state.attention.search.text === "" ? null : state.attention.search.rows.value,
  );
  const filtering = deriveFiltering(store);
  const ghosts = store.select((state) => state.view.ghosts);
  const slot = store.select((state) => state.attention.legendSlot);
  const slots = computed(() => (slot.value === null ? null : (coloring.value?.codes ?? null)));
  const flags = computed(() =>
    pointFlags({
      nPoints: nPoints.value,
      selection: selected.value,
      neighbors: neighbors.value,
      found: found.value,
      failures: filtering.value.failures,
      hidden: filtering.value.hidden,
      ghosts: ghosts.value,
      slot: slot.value,
      slots: slots.value,
    }),
  );

  const legendCounts = computed<LegendCounts>(() => {
    const codes = coloring.value?.codes;
    const { failures, hidden } = filtering.value;
    if (!codes || legend.value.kind !== "categories") return { passing: null, selected: null };
    return {
      passing: failures || hidden ? countSlots(codes, failures, hidden) : null,
      selected: selected.value.length > 0 ? countSelected(codes, selected.value) : null,
    };
  });

  const names = computed(() => {
    if (!wantsLabels.value || !positions.value || values.value?.kind !== "codes") return NO_LABELS;
    if (shown.value?.isLive && nPoints.value > MAX_LIVE_POINTS) return NO_LABELS;
    return categoryLabels(positions.value, values.value);
  });

  return { coloring, legend, legendCounts, filtering, flags, categoryLabels: names };
}

/** As many slots as the renderer's palette has. */
const MAX_SLOTS = 4096;

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
