/**
 * Values that take time to make from the state (a pass over all points), each made once and only
 * when something it depends on has changed.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Coloring, ColumnValues, Legend } from "../../model/color/color-style";
import { isClusterColumn } from "../../model/data/clusters";
import { type CategoryLabel, categoryLabels } from "../../model/view/category-labels";
import { type ClusterLabel, clusterLabels } from "../../model/view/cluster-labels";
import { missingRows } from "../../model/view/matching";
import { pointFlags } from "../../model/view/point-flags";
import { namesClusters, shownClusterColumns } from "../selectors/clusters";
import { openAnswer } from "../selectors/companions";
import { colorColumn, selection, shownDataset } from "../selectors/shown";
import { matchKey } from "../state/matches";
import type { State } from "../state/state";
import { partnersOf } from "../state/views-state";
import type { Store } from "../store";
import { type DerivedColoring, deriveColoring } from "./coloring";
import { deriveFiltering, type Filtering } from "./filtering";
import { deriveLegendCounts, type LegendCounts } from "./legend-counts";
import { SameArrays } from "./same-arrays";

export interface Derived {
  /** Colors of the shown points; null while their column is on its way. */
  readonly coloring: ReadonlySignal<Coloring | null>;
  readonly legend: ReadonlySignal<Legend>;
  /** For each entry of the legend, by slot, how many points pass and how many are selected. */
  readonly legendCounts: ReadonlySignal<LegendCounts>;
  readonly filtering: ReadonlySignal<Filtering>;
  readonly flags: ReadonlySignal<Uint8Array>;
  readonly categoryLabels: ReadonlySignal<readonly CategoryLabel[]>;
  /** Of all levels; which of them are seen depends on the camera. */
  readonly clusterLabels: ReadonlySignal<readonly ClusterLabel[]>;
}

const NO_LABELS: readonly CategoryLabel[] = [];
const NO_NEIGHBORS: readonly number[] = [];

/** Labels of moving points would be placed anew in every frame; above this it costs frames. */
const MAX_LIVE_POINTS = 50_000;

/** @param same That of all views of the page. */
export function derive(store: Store, same = new SameArrays()): Derived {
  const colors = deriveColoring(store, same);
  const filtering = deriveFiltering(store);
  return {
    coloring: colors.coloring,
    legend: colors.legend,
    legendCounts: deriveLegendCounts(store, colors, filtering),
    filtering,
    flags: deriveFlags(store, colors, filtering, same),
    categoryLabels: deriveLabels(store, colors.values),
    clusterLabels: deriveClusterLabels(store),
  };
}

function deriveFlags(
  store: Store,
  { coloring, legend }: Pick<DerivedColoring, "coloring" | "legend">,
  filtering: ReadonlySignal<Filtering>,
  same: SameArrays,
): ReadonlySignal<Uint8Array> {
  const nPoints = store.select((state) => shownDataset(state)?.info.n_points ?? 0);
  const selected = store.select(selection);
  const neighbors = store.select(
    (state) =>
      openAnswer(state)?.value?.indices ?? state.attention.neighbors.value?.indices ?? NO_NEIGHBORS,
  );
  const found = store.select((state) =>
    state.attention.search.text === "" ? null : state.attention.search.rows.value,
  );
  const ghosts = store.select((state) => state.view.ghosts);
  const pointed = store.select((state) => state.attention.legendEntry);
  const column = store.select(coloredName);
  // null where the legend has no such entry: it was replaced under a resting pointer.
  const slot = computed(() =>
    pointed.value?.column === column.value && legend.value.kind === "categories"
      ? (legend.value.entries.find(({ key }) => key === pointed.value?.key)?.slot ?? null)
      : null,
  );
  const slots = computed(() => (slot.value === null ? null : (coloring.value?.codes ?? null)));
  const hasRest = computed(
    () =>
      legend.value.kind === "categories" &&
      legend.value.entries.some(({ kind }) => kind !== "category"),
  );
  const missing = deriveMissing(store, nPoints);
  return computed(() =>
    same.of(
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
        below: hasRest.value ? (coloring.value?.codes ?? null) : null,
        missing: missing.value,
      }),
    ),
  );
}

/** Points that one of the other views does not have. */
function deriveMissing(
  store: Store,
  nPoints: ReadonlySignal<number>,
): ReadonlySignal<Uint8Array | null> {
  const own = store.select(({ views }) => views.space);
  const partners = store.select(({ views }) => views.partners);
  const matches = store.select((state) => state.matches);
  return computed(() => {
    const maps = partnersOf(partners.value).flatMap(
      ([, to]) => matches.value[matchKey(own.value, to)]?.rows ?? [],
    );
    return missingRows(maps, nPoints.value);
  });
}

function coloredName(state: State): string | null {
  const data = shownDataset(state);
  return (data && colorColumn(state, data)?.name) ?? null;
}

function deriveLabels(
  store: Store,
  values: ReadonlySignal<ColumnValues | null>,
): ReadonlySignal<readonly CategoryLabel[]> {
  const shown = store.select((state) => state.work.shown);
  // The names of clusters are written level by level, in another way.
  const isCluster = store.select((state) => {
    const data = shownDataset(state);
    const color = data && colorColumn(state, data);
    return color !== null && isClusterColumn(color);
  });
  const isWanted = store.select((state) => state.view.categoryLabels);
  const nPoints = store.select((state) => shownDataset(state)?.info.n_points ?? 0);
  return computed(() => {
    const { positions = null, isLive = false } = shown.value ?? {};
    if (!isWanted.value || isCluster.value || !positions || values.value?.kind !== "codes")
      return NO_LABELS;
    if (isLive && nPoints.value > MAX_LIVE_POINTS) return NO_LABELS;
    return categoryLabels(positions, values.value);
  });
}

const NO_CLUSTERS: readonly ClusterLabel[] = [];

function deriveClusterLabels(store: Store): ReadonlySignal<readonly ClusterLabel[]> {
  const isWanted = store.select(namesClusters);
  const shown = store.select((state) => state.work.shown);
  const data = store.select(shownDataset);
  const columns = store.select(shownClusterColumns);
  return computed(() => {
    const { positions = null, isLive = false } = shown.value ?? {};
    const nPoints = data.value?.info.n_points ?? 0;
    if (!isWanted.value || !positions || (isLive && nPoints > MAX_LIVE_POINTS)) return NO_CLUSTERS;
    const levels = columns.value.map(({ index }) => data.value?.columns[index]?.codes);
    const known = levels.filter((level) => level !== undefined);
    return known.length < levels.length ? NO_CLUSTERS : clusterLabels(positions, known);
  });
}
