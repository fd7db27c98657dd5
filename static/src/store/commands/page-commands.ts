/** Commands for the page: panels, dialogs, bookmarks, theme and exports. */
import type { MeasureName } from "../../model/data/measurement";
import { showMeasure, togglePanel } from "../actions/layout";
import { nextTheme, openDialog, openInspector } from "../actions/page";
import { offers } from "../offered";
import type { ExportKind } from "../requests";
import { isPanelOpen } from "../selectors/layout";
import type { PanelName } from "../state/layout";
import type { State } from "../state/state";
import type { CommandDefinition } from "./command";

const GROUP = { group: "Page" } as const;

export const PAGE_COMMANDS: readonly CommandDefinition[] = [
  {
    ...GROUP,
    id: "page.commands",
    title: "All commands",
    keys: ["Ctrl+K"],
    run: (store) => store.dispatch(openDialog("palette")),
  },
  {
    ...GROUP,
    id: "page.theme",
    title: "Change theme",
    keys: ["T"],
    run: (store) => store.dispatch(nextTheme()),
  },
  panelCommand("left", "Left panel", ","),
  panelCommand("right", "Right panel", "."),
  panelCommand("table", "Metadata table", "M"),
  measureCommand("health", "Health of all steps", "Shift+H"),
  measureCommand("similarity", "Similarity of steps and runs"),
  measureCommand("dimensions", "Dimensions and lengths by step"),
  measureCommand("histograms", "Histograms of the event files"),
  {
    ...GROUP,
    id: "bookmark.add",
    title: "Bookmark this view",
    keys: ["Ctrl+D"],
    run: (store) => {
      void import("../actions/bookmarks").then(({ addBookmark }) => store.dispatch(addBookmark()));
      store.dispatch(openInspector("bookmarks"));
    },
  },
  {
    ...GROUP,
    id: "page.copy-link",
    title: "Copy link to this view",
    isOffered: offers("copy-link"),
    run: (store) => store.request({ kind: "copy-link" }),
  },
];

export function bookmarkCommands({ bookmarks }: State): readonly CommandDefinition[] {
  return bookmarks.map((bookmark, at) => ({
    ...GROUP,
    id: `bookmark.${at}`,
    title: `Show bookmark ${bookmark.name}`,
    run: (store) => store.request({ kind: "show-bookmark", bookmark }),
  }));
}

export const EXPORT_COMMANDS: readonly CommandDefinition[] = [
  {
    ...GROUP,
    id: "page.export",
    title: "Share: link, image, web page, data, Python",
    keys: ["E"],
    run: (store) => store.dispatch(openDialog("export")),
  },
  exportCommand("svg", "Save SVG"),
  exportCommand("html", "Save as web page"),
  exportCommand("projection-tsv", "Download projection as TSV"),
  exportCommand("projection-csv", "Download projection as CSV"),
  exportCommand("metadata", "Download metadata"),
  exportCommand("selection", "Download selection"),
  {
    ...GROUP,
    id: "page.full-screen",
    title: "Full screen",
    keys: ["Shift+F"],
    run: (store) => store.request({ kind: "full-screen" }),
  },
  {
    ...GROUP,
    id: "page.shortcuts",
    title: "Keyboard shortcuts",
    keys: ["?"],
    run: (store) => store.dispatch(openDialog("shortcuts")),
  },
  {
    ...GROUP,
    id: "page.runs",
    title: "Table of runs",
    keys: ["Shift+R"],
    run: (store) => store.dispatch(openDialog("runs")),
  },
  {
    ...GROUP,
    id: "page.problems",
    title: "Problems and warnings",
    run: (store) => store.dispatch(openDialog("problems")),
  },
  {
    ...GROUP,
    id: "page.demo",
    title: "Open the demo",
    isOffered: offers("open-demo"),
    run: (store) => store.request({ kind: "open-demo" }),
  },
];

function panelCommand(panel: PanelName, title: string, key: string): CommandDefinition {
  return {
    ...GROUP,
    id: `panel.${panel}`,
    title,
    keys: [key],
    isOn: (state) => isPanelOpen(state, panel),
    run: (store) => store.dispatch(togglePanel(panel)),
  };
}

function measureCommand(measure: MeasureName, title: string, key?: string): CommandDefinition {
  return {
    ...GROUP,
    id: `measure.${measure}`,
    title,
    ...(key && { keys: [key] }),
    isOn: ({ layout }) => layout.measure === measure,
    run: (store) => {
      const { layout } = store.state.peek();
      store.dispatch(showMeasure(layout.measure === measure ? null : measure));
    },
  };
}

function exportCommand(what: ExportKind, title: string): CommandDefinition {
  return {
    ...GROUP,
    id: `export.${what}`,
    title,
    run: (store) => store.request({ kind: "export", what }),
  };
}
