/** The legend of the colors. Hovering an entry highlights its points, a click filters by it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isSearched, nextHighlight, patternOf } from "../../model/color/category-color";
import { type CategoryLegend, type LegendEntry, OTHER } from "../../model/color/color-style";
import { hex, N_DISTINCT } from "../../model/color/palette";
import { type Category, type Column, refOf } from "../../model/data/dataset";
import { count } from "../../model/text/format";
import { filterOf, hasValue } from "../../model/view/filter";
import { SETTINGS } from "../../model/view/settings";
import { setFilter, toggleFilterValue } from "../../store/actions/filter";
import { pointAtEntry } from "../../store/actions/selection";
import { resetSwatches, setSetting, setSwatch } from "../../store/actions/view";
import { colorColumn, colorScale, shownDataset, themeName } from "../../store/selectors/shown";
import { usePanel, useSelect, useStore } from "../context";
import { Lazy } from "../controls/lazy";
import { useRoving } from "../controls/roving";
import { Slider } from "../controls/slider";
import { MoreValues, MoreValuesSwitch, nameValue } from "../points/more-values";
import { categoryName, entryTitle, filterKey } from "./legend-text";

const RAMP = async () => (await import("./ramp-view")).RampLegendView;

export function LegendView(): JSX.Element | null {
  const { derived } = usePanel();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  const legend = derived.legend.value;
  if (!column) return null;
  if (legend.kind === "none") return <Awaited column={column} />;
  return legend.kind === "ramp" ? (
    <Lazy isWanted load={RAMP} />
  ) : (
    <Categories key={column.name} legend={legend} column={column} />
  );
}

/** As large as the legend will be, so that nothing below moves when it comes. */
function Awaited({ column }: { readonly column: Column }): JSX.Element {
  const isRamp = useSelect((state) => colorScale(state, column) === "numeric", [column]);
  const nColors = useSelect(({ view }) => view.nColors);
  const nRows = isSearched(column)
    ? 1
    : Math.min(column.n_categories, nColors + 1) + (column.n_missing > 0 ? 1 : 0);
  return <div aria-hidden="true" style={{ height: isRamp ? "66px" : `${24 * nRows - 2}px` }} />;
}

interface CategoriesProps {
  readonly legend: CategoryLegend;
  readonly column: Column;
}

function Categories({ legend, column }: CategoriesProps): JSX.Element {
  const store = useStore();
  const [isOpen, setIsOpen] = useState(false);
  const isMany = isSearched(column);
  const roving = useRoving<HTMLUListElement>();
  const isFiltered = useSelect(
    ({ view }) => filterOf(view.filters, refOf(column)) !== null,
    [column],
  );
  const hasSwatches = useSelect(
    ({ view }) => Object.keys(view.swatches[column.name] ?? {}).length > 0,
    [column],
  );
  // What goes away under the pointer is not left by it.
  useEffect(() => () => store.dispatch(pointAtEntry(null)), [store]);
  return (
    <>
      <ul
        class="legend"
        aria-label="Legend"
        {...roving}
        onPointerLeave={() => store.dispatch(pointAtEntry(null))}
      >
        {legend.entries.map((entry, at) => (
          <li key={entry.key} class="legend-row" data-row>
            <Swatch column={column} entry={entry} />
            {isMany && entry.kind === "other" ? (
              <Unnamed entry={entry} />
            ) : (
              <EntryButton column={column} entry={entry} isStop={at === 0} />
            )}
          </li>
        ))}
      </ul>
      <ColorCount column={column} />
      {isMany && <p class="hint">Too many values for colors. Search for those to highlight.</p>}
      {(isOpen || isMany) && <Rest legend={legend} column={column} />}
      <div class="link-row">
        {legend.nRest > 0 && !isMany && (
          <MoreValuesSwitch isOpen={isOpen} onPress={() => setIsOpen(!isOpen)} />
        )}
        {isFiltered && (
          <button
            type="button"
            class="link"
            onClick={() => store.dispatch(setFilter(refOf(column), null))}
          >
            Show all categories
          </button>
        )}
        {hasSwatches && (
          <button
            type="button"
            class="link"
            onClick={() => store.dispatch(resetSwatches(column.name))}
          >
            {isMany ? "Clear highlights" : "Reset colors"}
          </button>
        )}
      </div>
    </>
  );
}

/** How many categories have colors, where there are so many that it matters. */
function ColorCount({ column }: { readonly column: Column }): JSX.Element | null {
  const store = useStore();
  const nColors = useSelect(({ view }) => view.nColors);
  if (column.n_categories <= N_DISTINCT || isSearched(column)) return null;
  const { title, low, high, initial } = SETTINGS.nColors;
  return (
    <Slider
      name={title}
      value={Math.min(nColors, column.n_categories)}
      low={low}
      high={Math.min(high, column.n_categories)}
      step={1}
      normal={Math.min(initial, column.n_categories)}
      format={String}
      onChange={(value) => store.dispatch(setSetting("nColors", value))}
    />
  );
}

/** What no search has named yet: there is no filter that would mean it. */
function Unnamed({ entry }: { readonly entry: LegendEntry }): JSX.Element {
  return (
    <span class="legend-entry">
      <span class="legend-name">{entry.name}</span>
      <span class="number">{count(entry.count)}</span>
    </span>
  );
}

/** A round dot that opens the browser's color chooser. */
function Swatch(props: { readonly column: Column; readonly entry: LegendEntry }): JSX.Element {
  const { column, entry } = props;
  const store = useStore();
  return (
    <input
      type="color"
      class={`swatch is-${entry.kind} pattern-${patternOf(entry.slot)}`}
      value={hex(entry.color)}
      tabIndex={-1}
      aria-label={`Color of ${categoryName(entry.name)}`}
      title="Change color"
      onInput={({ currentTarget: { value } }) =>
        store.dispatch(setSwatch(column.name, entry.key, value))
      }
    />
  );
}

interface EntryButtonProps {
  readonly column: Column;
  readonly entry: LegendEntry;
  /** Whether Tab leads here before any entry had the focus. */
  readonly isStop: boolean;
}

function EntryButton({ column, entry, isStop }: EntryButtonProps): JSX.Element {
  const store = useStore();
  const { derived } = usePanel();
  const filter = useSelect(({ view }) => filterOf(view.filters, refOf(column)), [column]);
  const key = filterKey(entry);
  const counts = derived.legendCounts.value;
  const passing = counts.passing?.[entry.slot] ?? entry.count;
  const selected = counts.selected?.[entry.slot] ?? 0;
  const isTaken = hasValue(filter, key);
  return (
    <button
      type="button"
      class="legend-entry"
      tabIndex={isStop ? 0 : -1}
      aria-pressed={isTaken}
      data-dimmed={filter !== null && !isTaken}
      title={entryTitle(entry, passing, selected)}
      onPointerEnter={() => store.dispatch(pointAtEntry({ column: column.name, key: entry.key }))}
      onClick={() => store.dispatch(toggleFilterValue(refOf(column), key))}
    >
      <span class="legend-name">{categoryName(entry.name)}</span>
      {selected > 0 && <span class="legend-selected number">{count(selected)}</span>}
      <span class="number">{count(passing)}</span>
    </button>
  );
}

/** Categories without a color of their own; choosing one takes a category out of "other". */
function Rest({ legend, column }: CategoriesProps): JSX.Element {
  const store = useStore();
  const filter = useSelect(({ view }) => filterOf(view.filters, refOf(column)), [column]);
  const swatches = useSelect(({ view }) => view.swatches[column.name], [column]);
  const other = legend.entries.find(({ key }) => key === OTHER);
  const theme = useSelect(themeName);
  const isMany = isSearched(column);
  const nColors = useSelect(({ view }) => view.nColors);
  /** A click filters by a value, or highlights it where none has a color by itself. */
  const pick = (value: Category) => {
    if (!isMany) return toggleFilterValue(refOf(column), { name: value.name });
    const next = hex(nextHighlight({ theme, swatches: swatches ?? {} }));
    return setSwatch(column.name, value.name, swatches?.[value.name] ? null : next);
  };
  const isTaken = (value: Category) =>
    isMany ? swatches?.[value.name] !== undefined : hasValue(filter, value);
  return (
    <MoreValues
      column={column}
      place="legend"
      skip={isMany ? 0 : nColors}
      name="Other categories"
      class="legend is-rest"
      renderValue={(value) => (
        <div class="legend-row">
          <input
            type="color"
            class="swatch is-other"
            value={swatches?.[value.name] ?? (other ? hex(other.color) : "#888888")}
            aria-label={`Color of ${categoryName(value.name)}`}
            title="Choose a color for this category"
            onInput={({ currentTarget }) =>
              nameValue(
                store,
                column,
                value,
                setSwatch(column.name, value.name, currentTarget.value),
              )
            }
          />
          <button
            type="button"
            class="legend-entry"
            aria-pressed={isTaken(value)}
            data-dimmed={filter !== null && !hasValue(filter, value)}
            title={isMany ? "Click to highlight" : "Click to show only these"}
            onClick={() => nameValue(store, column, value, pick(value))}
          >
            <span class="legend-name">{categoryName(value.name)}</span>
            <span class="number">{count(value.count)}</span>
          </button>
        </div>
      )}
    />
  );
}
