/** Commands for undo, for the selection, and for what is isolated, hidden or filtered. */
import { addIsolationStep, clearFilters, keepIsolationSteps } from "../actions/filter";
import { openInspector } from "../actions/page";
import {
  clearSelection,
  nameSelection,
  redo,
  select,
  selectBack,
  selectForward,
  undo,
} from "../actions/selection";
import { offers } from "../offered";
import { selection } from "../selectors/shown";
import { shownTags } from "../selectors/tags";
import type { State } from "../state/state";
import type { CommandDefinition } from "./command";

const SELECTION = { group: "Selection" } as const;
const FILTER = { group: "Filter" } as const;

const UNDO_COMMANDS: readonly CommandDefinition[] = [
  {
    ...SELECTION,
    id: "edit.undo",
    title: "Undo",
    keys: ["Ctrl+Z"],
    onSheet: "undo selection, filter, color or tag",
    isEnabled: ({ edits }) => edits.past.length > 0,
    run: (store) => store.dispatch(undo()),
  },
  {
    ...SELECTION,
    id: "edit.redo",
    title: "Redo",
    keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
    isEnabled: ({ edits }) => edits.future.length > 0,
    run: (store) => store.dispatch(redo()),
  },
  {
    ...SELECTION,
    id: "selection.previous",
    title: "Previous selection",
    keys: ["Alt+ArrowLeft"],
    isEnabled: ({ attention }) => attention.history.past.length > 0,
    run: (store) => store.dispatch(selectBack()),
  },
  {
    ...SELECTION,
    id: "selection.next",
    title: "Next selection",
    keys: ["Alt+ArrowRight"],
    isEnabled: ({ attention }) => attention.history.future.length > 0,
    run: (store) => store.dispatch(selectForward()),
  },
];

const POINT_COMMANDS: readonly CommandDefinition[] = [
  {
    ...SELECTION,
    id: "selection.all",
    title: "Select all shown points",
    keys: ["Ctrl+A"],
    run: (store) => store.request({ kind: "select-shown" }),
  },
  {
    ...SELECTION,
    id: "selection.search-results",
    title: "Select all search results",
    isEnabled: (state) => foundRows(state).length > 0,
    run: (store) => store.dispatch(select(foundRows(store.state.peek()))),
  },
  {
    ...SELECTION,
    id: "selection.invert",
    title: "Invert selection",
    keys: ["Ctrl+I"],
    run: (store) => store.request({ kind: "invert-selection" }),
  },
  {
    ...SELECTION,
    id: "selection.clear",
    title: "Clear selection",
    isEnabled: hasSelection,
    run: (store) => store.dispatch(clearSelection()),
  },
  {
    ...SELECTION,
    id: "selection.save",
    title: "Save selection under a name",
    keys: ["S"],
    isEnabled: hasSelection,
    run: (store) => store.dispatch(nameSelection()),
  },
  {
    ...SELECTION,
    id: "tags.tag-selection",
    title: "Tag selection…",
    keys: ["A"],
    isOffered: offers("open-tags"),
    isEnabled: hasSelection,
    run: (store) => store.request({ kind: "open-tags" }),
  },
  {
    ...SELECTION,
    id: "tags.edit-columns",
    title: "Edit tag columns…",
    isOffered: offers("open-tags"),
    run: (store) => store.request({ kind: "open-tags" }),
  },
  {
    ...SELECTION,
    id: "tags.download",
    title: "Download tags",
    isEnabled: (state) => (shownTags(state)?.columns.length ?? 0) > 0,
    run: (store) => store.request({ kind: "download-tags" }),
  },
  {
    ...SELECTION,
    id: "selection.zoom",
    title: "Zoom to selection",
    keys: ["F"],
    isEnabled: hasSelection,
    run: (store) => store.request({ kind: "fly", indices: selection(store.state.peek()) }),
  },
  {
    ...SELECTION,
    id: "selection.isolate",
    title: "Isolate selection",
    keys: ["Enter"],
    isEnabled: hasSelection,
    run: (store) => store.dispatch((state) => addIsolationStep("isolate", selection(state))(state)),
  },
  {
    ...SELECTION,
    id: "selection.project-only",
    title: "Project only the selection",
    isOffered: offers("project-only"),
    isEnabled: hasSelection,
    run: (store) => store.request({ kind: "project-only", rows: selection(store.state.peek()) }),
  },
  {
    ...SELECTION,
    id: "selection.hide",
    title: "Hide selection",
    keys: ["Delete", "Backspace"],
    isEnabled: hasSelection,
    run: (store) => {
      store.dispatch((state) => addIsolationStep("hide", selection(state))(state));
      store.dispatch(clearSelection());
    },
  },
  {
    ...SELECTION,
    id: "selection.show-all",
    title: "Show all points",
    keys: ["Shift+Enter"],
    isEnabled: ({ view }) => view.isolation.length > 0,
    run: (store) => store.dispatch(keepIsolationSteps(0)),
  },
];

export const SELECTION_COMMANDS: readonly CommandDefinition[] = [
  ...UNDO_COMMANDS,
  ...POINT_COMMANDS,
];

export function namedSelectionCommands({ attention }: State): readonly CommandDefinition[] {
  return attention.named.map(({ id, name, rows }) => ({
    ...SELECTION,
    id: `selection.named.${id}`,
    title: `Select ${name}`,
    run: (store) => store.dispatch(select(rows)),
  }));
}

export const FILTER_COMMANDS: readonly CommandDefinition[] = [
  {
    ...FILTER,
    id: "filter.charts",
    title: ({ page }) => (page.inspector === "filter" ? "Show inspector" : "Show filter charts"),
    keys: ["X"],
    onSheet: "filter charts or inspector",
    run: (store) =>
      store.dispatch((state) =>
        openInspector(state.page.inspector === "filter" ? "inspect" : "filter")(state),
      ),
  },
  {
    ...FILTER,
    id: "filter.clear",
    title: "Clear all filters",
    keys: ["Shift+X"],
    isEnabled: ({ view }) => view.filters.length > 0 || view.where !== "",
    run: (store) => store.dispatch(clearFilters()),
  },
];

const NO_ROWS = new Uint32Array(0);

function hasSelection(state: State): boolean {
  return selection(state).length > 0;
}

function foundRows({ attention }: State): Uint32Array {
  const { text, rows } = attention.search;
  return text === "" ? NO_ROWS : (rows.value ?? NO_ROWS);
}
