/** Which points pass the filters: one mask per filter, made again only when it or its column changes. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { isNumeric } from "../../model/color/color";
import type { ColumnValues } from "../../model/color/color-style";
import { resolveColumn } from "../../model/data/dataset";
import { type ColumnFilter, countFailures, failing } from "../../model/view/filter";
import { hiddenPoints } from "../../model/view/isolation";
import { failingWhere } from "../selectors/formula";
import { shownDataset } from "../selectors/shown";
import type { ColumnData, DatasetData } from "../state/state";
import type { Store } from "../store";

export interface Filtering {
  /** For each point the number of filters it fails; null while nothing is filtered. */
  readonly failures: Uint8Array | null;
  /** Points that one filter leaves out. */
  readonly masks: ReadonlyMap<ColumnFilter, Uint8Array>;
  /** Points that pass all filters and are not hidden. */
  readonly nPassing: number;
  /** Not zero for points that are isolated away or hidden; null where none are. */
  readonly hidden: Uint8Array | null;
}

interface Made {
  readonly values: ColumnValues;
  readonly nColors: number;
  readonly mask: Uint8Array;
}

export function deriveFiltering(store: Store): ReadonlySignal<Filtering> {
  const data = store.select(shownDataset);
  const filters = store.select(({ view }) => view.filters);
  const nColors = store.select(({ view }) => view.nColors);
  const isolation = store.select(({ view }) => view.isolation);
  // A brush changes one filter many times a second; the others' masks must not be made again.
  const made = new WeakMap<ColumnFilter, Made>();

  const maskOf = (filter: ColumnFilter, dataset: DatasetData): Uint8Array | null => {
    const values = valuesOf(filter, dataset);
    if (!values) return null;
    const known = made.get(filter);
    const n = nColors.value;
    if (known?.values === values && known.nColors === n) return known.mask;
    const mask = failing(filter, values, n);
    if (mask) made.set(filter, { values, nColors: n, mask });
    return mask;
  };

  const masks = computed(() => {
    const found = new Map<ColumnFilter, Uint8Array>();
    const dataset = data.value;
    if (!dataset) return found;
    for (const filter of filters.value) {
      const mask = maskOf(filter, dataset);
      if (mask?.length === dataset.info.n_points) found.set(filter, mask);
    }
    return found;
  });
  const nPoints = computed(() => data.value?.info.n_points ?? 0);
  const hidden = computed(() => hiddenPoints(isolation.value, nPoints.value));
  const where = store.select(failingWhere);
  const failures = computed(() => {
    const own = where.value?.length === nPoints.value ? [where.value] : [];
    const all = [...masks.value.values(), ...own];
    return all.length === 0 ? null : countFailures(all, nPoints.value);
  });
  return computed(() => ({
    failures: failures.value,
    masks: masks.value,
    hidden: hidden.value,
    nPassing: countZeros(nPoints.value, failures.value, hidden.value),
  }));
}

/** The array that a filter asks of, if it has come. */
function valuesOf(filter: ColumnFilter, { info, columns }: DatasetData) {
  const column = resolveColumn(info, filter.column);
  const loaded: ColumnData = (column && columns[column.index]) ?? {};
  if (!column) return null;
  return (filter.kind === "range" && isNumeric(column) ? loaded.numbers : loaded.codes) ?? null;
}

function countZeros(n: number, a: Uint8Array | null, b: Uint8Array | null): number {
  if (!a && !b) return n;
  let count = 0;
  for (let index = 0; index < n; index++) if (!a?.[index] && !b?.[index]) count++;
  return count;
}
