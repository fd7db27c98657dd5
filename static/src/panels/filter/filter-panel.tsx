/** A chart of every column. Brushing one, or clicking its bars, filters all others and the cloud. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { automaticScale } from "../../model/color/color";
import {
  type Bins,
  binCategories,
  binNumbers,
  countAll,
  countPassing,
  countRows,
  isChartable,
} from "../../model/color/histogram";
import { type Column, refOf } from "../../model/data/dataset";
import { count, counted } from "../../model/text/format";
import { type ColumnFilter, filterOf, passingRows } from "../../model/view/filter";
import { clearFilters, setFilter } from "../../store/actions/filter";
import { setSetting } from "../../store/actions/view";
import { selection, shownDataset } from "../../store/selectors/shown";
import { useOffered, usePanel, useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { IconButton } from "../controls/icon-button";
import { CategoryChart } from "./category-chart";
import type { ChartCounts } from "./chart-counts";
import { ComputedColumns, WhereField } from "./formulas";
import { NumberChart } from "./number-chart";

const NO_COLUMNS: readonly Column[] = [];

export function FilterPanel(): JSX.Element {
  const info = useSelect((state) => shownDataset(state)?.info ?? null);
  const columns = info?.columns ?? NO_COLUMNS;
  const useful = columns.filter((column) => isChartable(column, info?.n_points ?? 0));
  const others = columns.filter((column) => !useful.includes(column));
  // A chart of identifiers shows how the file is sorted, and hardly anybody filters by that.
  const isId = ({ is_identifier = false }: Column) => is_identifier;
  const charted = [...useful.filter((each) => !isId(each)), ...useful.filter(isId)];
  return (
    <div class="filters">
      <FilterHead />
      {/* It scrolls, so the keyboard must be able to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="charts" aria-label="Charts" tabIndex={0}>
        {charted.map((column) => (
          <ColumnChart key={`${column.index} ${column.name}`} column={column} />
        ))}
        {columns.length === 0 && info && (
          <p class="hint is-padded">This dataset has no metadata to filter by.</p>
        )}
        {others.length > 0 && (
          <p class="hint is-padded">
            {others.map(({ name }) => name).join(", ")}: almost every value is unique. Use search.
          </p>
        )}
      </section>
    </div>
  );
}

function FilterHead(): JSX.Element {
  const store = useStore();
  const { derived } = usePanel();
  const n = useSelect((state) => shownDataset(state)?.info.n_points ?? 0);
  const isFiltered = useSelect(({ view }) => view.filters.length > 0 || view.where !== "");
  const ghosts = useSelect(({ view }) => view.ghosts);
  const { nPassing } = derived.filtering.value;
  const canProject = useOffered("project-only");
  return (
    <div class="filter-head">
      <div class="filter-count">
        <span class="number">
          {nPassing === n ? counted(n, "point") : `${count(nPassing)} of ${count(n)} points`}
        </span>
        <button
          type="button"
          class="link"
          disabled={!isFiltered}
          onClick={() => store.dispatch(clearFilters())}
        >
          Clear all
        </button>
      </div>
      <WhereField />
      {canProject && (
        <button
          type="button"
          class="link"
          disabled={nPassing === n || nPassing === 0}
          title="These points as a dataset of their own, with any method"
          onClick={() => {
            const { failures, hidden } = derived.filtering.peek();
            store.request({ kind: "project-only", rows: passingRows(n, failures, hidden) });
          }}
        >
          Project only these
        </button>
      )}
      <Checkbox
        name="Keep filtered points as ghosts"
        isChecked={ghosts}
        title="Points that filters exclude stay in the plot, in grey (G)"
        onChange={(isChecked) => store.dispatch(setSetting("ghosts", isChecked))}
      />
      <ComputedColumns />
    </div>
  );
}

function ColumnChart({ column }: { readonly column: Column }): JSX.Element {
  const store = useStore();
  const filter = useSelect(({ view }) => filterOf(view.filters, refOf(column)), [column]);
  const name = column.name === "" ? `column ${column.index + 1}` : column.name;
  return (
    <section class="chart" aria-label={name}>
      <div class="chart-head">
        <h3 class="chart-title" title={name}>
          {name}
        </h3>
        {filter && (
          <IconButton
            icon="close"
            name={`Clear filter on ${name}`}
            onPress={() => store.dispatch(setFilter(refOf(column), null))}
          />
        )}
      </div>
      <ChartBody column={column} filter={filter} />
    </section>
  );
}

interface ChartBodyProps {
  readonly column: Column;
  readonly filter: ColumnFilter | null;
}

function ChartBody({ column, filter }: ChartBodyProps): JSX.Element {
  const store = useStore();
  const kind = filter?.kind ?? (automaticScale(column) === "numeric" ? "range" : "values");
  const what = kind === "range" ? "numbers" : "codes";
  const id = useSelect((state) => shownDataset(state)?.info.id ?? "");
  const loaded = useSelect(
    (state) => shownDataset(state)?.columns[column.index]?.[what] ?? null,
    [column, what],
  );
  useEffect(() => {
    if (!loaded) store.request({ kind: "load-column", column: column.index, what });
  }, [store, loaded, id, column.index, what]);
  const nColors = useSelect(({ view }) => view.nColors);
  const bins = useMemo(() => {
    if (!loaded) return null;
    return loaded.kind === "numbers" ? binNumbers(column, loaded) : binCategories(loaded, nColors);
  }, [loaded, column, nColors]);
  const all = useMemo(() => (bins ? countAll(bins) : null), [bins]);
  const counts = useCounts(bins, all, filter);
  if (!bins || !counts) return <div class="chart-wait" aria-hidden="true" />;
  return bins.kind === "numbers" ? (
    <NumberChart column={column} filter={filter} bins={bins} counts={counts} />
  ) : (
    <CategoryChart column={column} filter={filter} bins={bins} counts={counts} />
  );
}

function useCounts(
  bins: Bins | null,
  all: Uint32Array | null,
  filter: ColumnFilter | null,
): ChartCounts | null {
  const { derived } = usePanel();
  const rows = useSelect(selection);
  const { failures, masks } = derived.filtering.value;
  const own = (filter && masks.get(filter)) ?? null;
  const isOwnAlone = own !== null && masks.size === 1;
  const passing = useMemo(
    () =>
      bins && failures && !isOwnAlone && failures.length === bins.of.length
        ? countPassing(bins, failures, own)
        : all,
    // A chart's own brush changes `failures` and `own` together, and their difference not at all.
    [bins, all, isOwnAlone, failures, own],
  );
  const selected = useMemo(
    () => (bins && rows.length > 0 ? countRows(bins, rows) : null),
    [bins, rows],
  );
  return all && passing ? { all, passing, selected } : null;
}
