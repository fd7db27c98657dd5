/** The inspector: what a search found, the selection and its neighbors, filters, bookmarks. */
import type { JSX } from "preact";
import { count, counted } from "../../model/text/format";
import { tabOf } from "../../model/view/plugin-panel";
import { openInspector } from "../../store/actions/page";
import { clearSelection, selectBack, selectForward } from "../../store/actions/selection";
import { selection, shownDataset } from "../../store/selectors/shown";
import type { InspectorTab } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { Lazy } from "../controls/lazy";
import { useIsWide } from "../controls/wide";
import { SearchField } from "../page/search-field";
import { TagPanel } from "../tags/tag-panel";
import { SelectionActions } from "./selection-actions";

const TABS: readonly { readonly tab: InspectorTab; readonly title: string }[] = [
  { tab: "inspect", title: "Inspect" },
  { tab: "filter", title: "Filter" },
  { tab: "checks", title: "Checks" },
  { tab: "bookmarks", title: "Bookmarks" },
];

const FOUND = async () => (await import("./search-results")).SearchResults;
const BOOKMARKS = async () => (await import("./bookmarks-panel")).BookmarksPanel;

const FILTER = async () => (await import("../filter/filter-panel")).FilterPanel;
const FIRST_MINUTE = async () => (await import("./first-minute")).FirstMinute;
const SAVED = async () => (await import("./saved-selections")).SavedSelections;
const DETAILS = async () => (await import("./selection-details")).SelectionDetails;
const SUMMARY = async () => (await import("./selection-summary")).SelectionSummary;
const PLUGIN = async () => (await import("./plugin-panel")).PluginPanels;
const CHECKS = async () => (await import("./checks-panel")).ChecksPanel;

export function InspectorPanel(): JSX.Element {
  const isSearching = useSelect(({ attention }) => attention.search.text !== "");
  const tab = useSelect(({ page }) => page.inspector);
  const isWide = useIsWide();
  return (
    <div class={`inspector${isSearching ? " is-searching" : ""}`}>
      {isWide ? (
        isSearching && (
          <section class="search" aria-label="Found">
            <Lazy isWanted load={FOUND} />
          </section>
        )
      ) : (
        <search class="search">
          <SearchField />
          <Lazy isWanted={isSearching} load={FOUND} />
        </search>
      )}
      <Tabs />
      <div class="inspector-part" role="tabpanel" id={`part-${tab}`} aria-labelledby={`tab-${tab}`}>
        {tab === "inspect" && <SelectionPart />}
        <Lazy isWanted={tab === "filter"} load={FILTER} />
        <Lazy isWanted={tab === "checks"} load={CHECKS} />
        <Lazy isWanted={tab === "bookmarks"} load={BOOKMARKS} />
        <Lazy isWanted={tab.startsWith("plugin:")} load={PLUGIN} />
      </div>
    </div>
  );
}

function Tabs(): JSX.Element {
  const store = useStore();
  const open = useSelect(({ page }) => page.inspector);
  const nFilters = useSelect(({ view }) => view.filters.length);
  const nSelected = useSelect((state) => selection(state).length);
  const nBookmarks = useSelect(({ bookmarks }) => bookmarks.length);
  const panels = useSelect(({ page }) => page.panels);
  const tabs = [...TABS, ...panels.map((each) => ({ tab: tabOf(each), title: each.title }))];
  const counts: Partial<Record<InspectorTab, number>> = {
    inspect: nSelected,
    filter: nFilters,
    bookmarks: nBookmarks,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const move = event.key === "ArrowRight" ? 1 : tabs.length - 1;
    const at = tabs.findIndex(({ tab }) => tab === open);
    const next = tabs[(at + move) % tabs.length]?.tab ?? "inspect";
    store.dispatch(openInspector(next));
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Inspector" onKeyDown={onKeyDown}>
      {tabs.map(({ tab, title }) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          class="tab"
          role="tab"
          aria-selected={tab === open}
          aria-controls={tab === open ? `part-${tab}` : undefined}
          tabIndex={tab === open ? 0 : -1}
          onClick={() => store.dispatch(openInspector(tab))}
        >
          {title}
          {(counts[tab] ?? 0) > 0 && (
            <small class="tab-count number">{count(counts[tab] ?? 0)}</small>
          )}
        </button>
      ))}
    </div>
  );
}

function SelectionPart(): JSX.Element {
  const n = useSelect((state) => selection(state).length);
  const hasSaved = useSelect(({ attention }) => attention.named.length > 0);
  return (
    <section class="selection" aria-label="Selection">
      <SelectionHead />
      {n > 0 && <SelectionActions />}
      <TagPanel />
      <Lazy isWanted={n === 0} load={FIRST_MINUTE} />
      {n === 0 && <NothingSelected />}
      <Lazy isWanted={n > 1} load={SUMMARY} />
      <Lazy isWanted={n > 0} load={DETAILS} />
      <Lazy isWanted={hasSaved} load={SAVED} />
    </section>
  );
}

function SelectionHead(): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  const canBack = useSelect(({ attention }) => attention.history.past.length > 0);
  const canForward = useSelect(({ attention }) => attention.history.future.length > 0);
  const n = rows.length;
  return (
    <div class="section-head">
      <h2 class="section-title">
        {n === 0 ? "Selection" : n === 1 ? "Selected point" : `${counted(n, "point")} selected`}
      </h2>
      <div class="button-group">
        <IconButton
          icon="chevronLeft"
          name="Previous selection"
          shortcut="Alt ←"
          isDisabled={!canBack}
          onPress={() => store.dispatch(selectBack())}
        />
        <IconButton
          icon="chevronRight"
          name="Next selection"
          shortcut="Alt →"
          isDisabled={!canForward}
          onPress={() => store.dispatch(selectForward())}
        />
        <IconButton
          icon="target"
          name="Zoom to selection"
          shortcut="F"
          isDisabled={n === 0}
          onPress={() => store.request({ kind: "fly", indices: rows })}
        />
        <IconButton
          icon="close"
          name="Clear selection"
          shortcut="Esc"
          isDisabled={n === 0}
          onPress={() => store.dispatch(clearSelection())}
        />
      </div>
    </div>
  );
}

function NothingSelected(): JSX.Element {
  const canEmbed = useSelect((state) => shownDataset(state)?.info.can_embed ?? false);
  return (
    <p class="hint is-padded">
      Click a point to see its metadata and its nearest neighbors in the original space. Hold{" "}
      <kbd>Shift</kbd> and drag to select several. Start a search with <kbd>=</kbd> to query the
      original space: <code>= king - man + woman</code>. Put it between slashes for a regular
      expression: <code>/^king/</code>. A pasted vector, <code>[0.1, −2, …]</code>, finds what is
      nearest to it
      {canEmbed && (
        <>
          , and <code>~ a text</code> what is near its meaning
        </>
      )}
      .
    </p>
  );
}
