/** Filters and isolated or hidden points, as chips over the plot: a click takes each back. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { compact, count, counted } from "../../model/text/format";
import type { ColumnFilter } from "../../model/view/filter";
import { clearFilters, keepIsolationSteps, setFilter } from "../../store/actions/filter";
import { openInspector } from "../../store/actions/page";
import { goBackTo } from "../../store/actions/subset";
import { setSetting } from "../../store/actions/view";
import { shownDataset } from "../../store/selectors/shown";
import { type Ancestor, ancestors, isFiltered } from "../../store/selectors/subset";
import { usePanel, useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

export function FilterChips(): JSX.Element | null {
  const filters = useSelect(({ view }) => view.filters);
  const isolation = useSelect(({ view }) => view.isolation);
  const above = useSelect(ancestors, [], isEqual);
  const where = useSelect(({ view }) => view.where);
  const isLess = useSelect(isFiltered);
  if (!isLess && above.length === 0) return null;
  return (
    <fieldset class="chips" aria-label="Shown points">
      {above.length > 0 && <Parts above={above} />}
      {isolation.length > 0 && <Breadcrumb />}
      {filters.map((filter) => (
        <Chip key={`${filter.column.index} ${filter.column.name}`} filter={filter} />
      ))}
      {where !== "" && <Where />}
      {isLess && <Total />}
    </fieldset>
  );
}

function Total(): JSX.Element {
  const store = useStore();
  const { derived } = usePanel();
  const n = useSelect((state) => shownDataset(state)?.info.n_points ?? 0);
  const nFilters = useSelect(({ view }) => view.filters.length);
  return (
    <span class="chips-total">
      <span class="number">
        {count(derived.filtering.value.nPassing)} of {count(n)}
      </span>
      {nFilters > 1 && (
        <button type="button" class="link" onClick={() => store.dispatch(clearFilters())}>
          Clear filters
        </button>
      )}
    </span>
  );
}

function Chip({ filter }: { readonly filter: ColumnFilter }): JSX.Element {
  const store = useStore();
  const { name } = filter.column;
  const text = filterText(filter);
  return (
    <span class="chip">
      <button
        type="button"
        class="chip-text"
        title={`${name}: ${text}`}
        onClick={() => store.dispatch(openInspector("filter"))}
      >
        <span class="chip-name">{name}</span>
        <span class="chip-value number">{text}</span>
      </button>
      <IconButton
        icon="close"
        name={`Remove filter on ${name}`}
        onPress={() => store.dispatch(setFilter(filter.column, null))}
      />
    </span>
  );
}

function Where(): JSX.Element {
  const store = useStore();
  const where = useSelect(({ view }) => view.where);
  return (
    <span class="chip">
      <button
        type="button"
        class="chip-text"
        title={where}
        onClick={() => store.dispatch(openInspector("filter"))}
      >
        <span class="chip-value number">{where}</span>
      </button>
      <IconButton
        icon="close"
        name="Remove the condition"
        onPress={() => store.dispatch(setSetting("where", ""))}
      />
    </span>
  );
}

/** "0.2 – 0.6", "3, 7, missing" */
function filterText(filter: ColumnFilter): string {
  const parts: string[] = [];
  if (filter.kind === "range") {
    const [low, high] = filter.range ?? [];
    if (low !== undefined && high !== undefined) {
      parts.push(low === high ? compact(low) : `${compact(low)} – ${compact(high)}`);
    }
  } else {
    parts.push(...filter.names.map((name) => (name === "" ? "(empty)" : name)));
    if (filter.other) parts.push("other");
  }
  if (filter.missing) parts.push("missing");
  return parts.join(", ");
}

/** hidden, 1,797 › 214 points: back to the whole, with what is selected here. */
function Parts({ above }: { readonly above: readonly Ancestor[] }): JSX.Element {
  const store = useStore();
  const n = useSelect((state) => shownDataset(state)?.info.n_points ?? 0);
  const [whole] = above;
  return (
    <nav class="chip is-trail" aria-label="Part of">
      {above.map((each) => (
        <span key={each.dataset} class="trail-step">
          {each !== whole && <Icon name="chevronRight" />}
          <button
            type="button"
            class="chip-text"
            title={`Back to ${each.place.name}`}
            onClick={() => store.dispatch(goBackTo(each))}
          >
            {each === whole ? "All " : ""}
            <span class="number">{count(each.nPoints)}</span>
          </button>
        </span>
      ))}
      <span class="trail-step" aria-current="step">
        <Icon name="chevronRight" />
        <span class="chip-text number">{counted(n, "point")}</span>
      </span>
    </nav>
  );
}

/** All › isolated 214 › hidden 12 */
function Breadcrumb(): JSX.Element {
  const store = useStore();
  const isolation = useSelect(({ view }) => view.isolation);
  return (
    <nav class="chip is-trail" aria-label="Isolated and hidden">
      <button type="button" class="chip-text" onClick={() => store.dispatch(keepIsolationSteps(0))}>
        Show all
      </button>
      {isolation.map(({ kind, rows }, at) => (
        <span key={at} class="trail-step">
          <Icon name="chevronRight" />
          <button
            type="button"
            class="chip-text"
            aria-current={at === isolation.length - 1 ? "step" : undefined}
            onClick={() => store.dispatch(keepIsolationSteps(at + 1))}
          >
            {kind === "isolate" ? "Isolated" : "Hidden"}{" "}
            <span class="number">{count(rows.length)}</span>
          </button>
        </span>
      ))}
    </nav>
  );
}
