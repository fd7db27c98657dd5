/** What is selected, kept in sight, filtered. */

import { addFocus, clearFilters, keepFocus, setGhosts } from "../actions/filter";
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
import { selection } from "../selectors/shown";
import { shownTags } from "../selectors/tags";
import type { State } from "../state/state";
import type { Command } from "./command";

export function selectionCommands(state: State): readonly Command[] {
  return [...editCommands(state), ...pointCommands(state), ...filterCommands(state)];
}

function editCommands({ edits, attention }: State): readonly Command[] {
  return [
    {
      group: "Selection",
      title: "Undo",
      keys: ["Ctrl+Z"],
      onSheet: "undo selection, filter, color or tag",
      isDisabled: edits.past.length === 0,
      run: (store) => store.dispatch(undo()),
    },
    {
      group: "Selection",
      title: "Redo",
      keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
      isDisabled: edits.future.length === 0,
      run: (store) => store.dispatch(redo()),
    },
    {
      group: "Selection",
      title: "Back to the selection before",
      keys: ["Alt+ArrowLeft"],
      isDisabled: attention.trail.past.length === 0,
      run: (store) => store.dispatch(selectBack()),
    },
    {
      group: "Selection",
      title: "Forward to the next selection",
      keys: ["Alt+ArrowRight"],
      isDisabled: attention.trail.future.length === 0,
      run: (store) => store.dispatch(selectForward()),
    },
  ];
}

function pointCommands(state: State): readonly Command[] {
  const rows = selection(state);
  const found = state.attention.search.text === "" ? null : state.attention.search.rows.value;
  const isNone = rows.length === 0;
  return [
    {
      group: "Selection",
      title: "Select all shown points",
      keys: ["Ctrl+A"],
      run: (store) => store.request({ kind: "select-shown" }),
    },
    {
      group: "Selection",
      title: "Select all matches of the search",
      isDisabled: found === null || found.length === 0,
      run: (store) => found && store.dispatch(select(found)),
    },
    {
      group: "Selection",
      title: "Invert the selection",
      keys: ["Ctrl+I"],
      run: (store) => store.request({ kind: "invert-selection" }),
    },
    {
      group: "Selection",
      title: "Clear the selection",
      isDisabled: isNone,
      run: (store) => store.dispatch(clearSelection()),
    },
    {
      group: "Selection",
      title: "Save the selection under a name",
      keys: ["S"],
      isDisabled: isNone,
      run: (store) => store.dispatch(nameSelection()),
    },
    {
      group: "Selection",
      title: "Tag the selection…",
      keys: ["A"],
      isDisabled: isNone,
      run: (store) => store.request({ kind: "open-tags" }),
    },
    {
      group: "Selection",
      title: "Edit the columns of tags…",
      run: (store) => store.request({ kind: "open-tags" }),
    },
    {
      group: "Selection",
      title: "Download the tags",
      isDisabled: !shownTags(state)?.columns.length,
      run: (store) => store.request({ kind: "download-tags" }),
    },
    {
      group: "Selection",
      title: "Fly to the selection",
      keys: ["F"],
      isDisabled: isNone,
      run: (store) => store.request({ kind: "fly", indices: rows }),
    },
    {
      group: "Selection",
      title: "Isolate the selection",
      keys: ["Enter"],
      isDisabled: isNone,
      run: (store) => store.dispatch(addFocus("isolate", rows)),
    },
    {
      group: "Selection",
      title: "Hide the selection",
      keys: ["Delete", "Backspace"],
      isDisabled: isNone,
      run: (store) => {
        store.dispatch(addFocus("hide", rows));
        store.dispatch(clearSelection());
      },
    },
    {
      group: "Selection",
      title: "Show all points",
      keys: ["Shift+Enter"],
      isDisabled: state.view.focus.length === 0,
      run: (store) => store.dispatch(keepFocus(0)),
    },
    ...state.attention.named.map(
      ({ name, rows: saved }): Command => ({
        group: "Selection",
        title: `Select ${name}`,
        run: (store) => store.dispatch(select(saved)),
      }),
    ),
  ];
}

function filterCommands({ view, page }: State): readonly Command[] {
  return [
    {
      group: "Filter",
      title: page.inspector === "filter" ? "Show the inspector" : "Show the charts",
      keys: ["X"],
      onSheet: "charts or inspector",
      run: (store) =>
        store.dispatch(openInspector(page.inspector === "filter" ? "inspect" : "filter")),
    },
    {
      group: "Filter",
      title: "Clear all filters",
      keys: ["Shift+X"],
      isDisabled: view.filters.length === 0,
      run: (store) => store.dispatch(clearFilters()),
    },
    {
      group: "Filter",
      title: "Keep filtered points as ghosts",
      keys: ["G"],
      isOn: view.ghosts,
      run: (store) => store.dispatch(setGhosts(!view.ghosts)),
    },
  ];
}
