/** A chart with a bar for each category: a click lets only that one pass, another click one more. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type CategoryBins, fullLength } from "../../model/color/histogram";
import { css } from "../../model/color/palette";
import { type Column, refOf } from "../../model/data/dataset";
import { count } from "../../model/text/format";
import { type ColumnFilter, hasValue, type ValueKey } from "../../model/view/filter";
import { toggleFilterValue } from "../../store/actions/filter";
import { colorColumn, shownDataset } from "../../store/selectors/shown";
import { usePanel, useSelect, useStore } from "../context";
import { MoreValues, MoreValuesSwitch, nameValue } from "../points/more-values";
import { barLength, barText, type ChartCounts } from "./chart-counts";

export interface CategoryChartProps {
  readonly column: Column;
  readonly filter: ColumnFilter | null;
  readonly bins: CategoryBins;
  readonly counts: ChartCounts;
}

interface Bar {
  readonly bar: number;
  readonly value: ValueKey;
  readonly title: string;
  readonly isAside: boolean;
}

export function CategoryChart({ column, filter, bins, counts }: CategoryChartProps): JSX.Element {
  const bars = barsOf(bins);
  const most = fullLength(bars.map(({ bar }) => counts.all[bar] ?? 0));
  const [isOpen, setIsOpen] = useState(false);
  const colors = useShownColors(column);
  return (
    <>
      <ul class="bars">
        {bars.map((each) => (
          <li key={each.bar}>
            <BarButton
              column={column}
              filter={filter}
              counts={counts}
              most={most}
              color={colors.get(keyOf(each.value)) ?? null}
              {...each}
            />
          </li>
        ))}
      </ul>
      {isOpen && <Rest column={column} filter={filter} skip={bins.names.length} />}
      {bins.nOther > 0 && <MoreValuesSwitch isOpen={isOpen} onPress={() => setIsOpen(!isOpen)} />}
    </>
  );
}

/** Without bars: next to those of frequent values they would be too short to be compared. */
type RestProps = Pick<CategoryChartProps, "column" | "filter"> & { readonly skip: number };

function Rest({ column, filter, skip }: RestProps): JSX.Element {
  const store = useStore();
  return (
    <MoreValues
      column={column}
      place="chart"
      skip={skip}
      name={`Less frequent values of ${column.name}`}
      class="bars is-rest"
      renderValue={(value) => (
        <button
          type="button"
          class="bar-row is-plain"
          aria-pressed={hasValue(filter, value)}
          data-dimmed={filter !== null && !hasValue(filter, value)}
          onClick={() =>
            nameValue(store, column, value, toggleFilterValue(refOf(column), { name: value.name }))
          }
        >
          <span class="bar-name">{value.name === "" ? "(empty)" : value.name}</span>
          <span class="number">{count(value.count)}</span>
        </button>
      )}
    />
  );
}

type BarButtonProps = Bar &
  Pick<CategoryChartProps, "column" | "filter" | "counts"> & {
    readonly most: number;
    /** What the points have; null where they are colored by something else. */
    readonly color: string | null;
  };

function BarButton(props: BarButtonProps): JSX.Element {
  const { column, filter, counts, most, bar, value, title, isAside, color } = props;
  const store = useStore();
  const isTaken = hasValue(filter, value);
  const width = (n: number) => `${Math.min(100, barLength(n, most))}%`;
  const isCut = (counts.all[bar] ?? 0) > most;
  return (
    <button
      type="button"
      class={`bar-row${isAside ? " is-aside" : ""}`}
      aria-pressed={isTaken}
      data-dimmed={filter !== null && !isTaken}
      title={`${title}: ${barText(counts, bar)}`}
      onClick={() => store.dispatch(toggleFilterValue(refOf(column), value))}
    >
      <span class="bar-name">{title}</span>
      <span class="bar-track" aria-hidden="true">
        <span class="bar is-all" style={{ width: width(counts.all[bar] ?? 0) }} />
        <span
          class="bar is-passing"
          style={{
            width: width(counts.passing[bar] ?? 0),
            ...(color && { backgroundColor: color }),
          }}
        />
        <span class="bar is-selected" style={{ width: width(counts.selected?.[bar] ?? 0) }} />
        {isCut && <span class="bar-break" />}
      </span>
      <span class="number">{count(counts.passing[bar] ?? 0)}</span>
    </button>
  );
}

/** The colors of the points by what they stand for, where they are colored by this column. */
function useShownColors(column: Column): ReadonlyMap<string, string> {
  const { derived } = usePanel();
  const isShown = useSelect(
    (state) => {
      const data = shownDataset(state);
      return data !== null && colorColumn(state, data) === column;
    },
    [column],
  );
  const legend = derived.legend.value;
  return useMemo(
    () =>
      new Map(
        isShown && legend.kind === "categories"
          ? legend.entries.map(({ kind, key, color }) => [
              keyOf(kind === "category" ? { name: key } : kind),
              css(color),
            ])
          : [],
      ),
    [isShown, legend],
  );
}

/** Names cannot be mistaken for what is none. */
function keyOf(value: ValueKey): string {
  return typeof value === "string" ? `\u0000${value}` : value.name;
}

const byName = new Intl.Collator("en", { numeric: true });

function barsOf({ names, other, nOther, hasMissing, missing }: CategoryBins): readonly Bar[] {
  const bars: Bar[] = names.map((name, bar) => ({
    bar,
    value: { name },
    title: name === "" ? "(empty)" : name,
    isAside: false,
  }));
  // As in the legend: by name, so that a category keeps its place from step to step.
  bars.sort((a, b) => byName.compare(a.title, b.title));
  if (other !== null) {
    bars.push({
      bar: other,
      value: "other",
      title: `other: ${count(nOther)} less frequent`,
      isAside: true,
    });
  }
  if (hasMissing) bars.push({ bar: missing, value: "missing", title: "missing", isAside: true });
  return bars;
}
