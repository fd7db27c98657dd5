/** The page itself. */

import { addBookmark } from "../actions/bookmarks";
import { togglePanel } from "../actions/layout";
import { nextTheme, openDialog, openInspector } from "../actions/page";
import type { ExportKind } from "../requests";
import type { PanelName } from "../state/layout";
import type { State } from "../state/state";
import type { Command } from "./command";

const EXPORTS: readonly { readonly what: ExportKind; readonly title: string }[] = [
  { what: "svg", title: "Save SVG" },
  { what: "html", title: "Save as a web page" },
  { what: "projection-tsv", title: "Download the projection as TSV" },
  { what: "projection-csv", title: "Download the projection as CSV" },
  { what: "metadata", title: "Download the metadata" },
  { what: "selection", title: "Download the selection" },
];

const PANELS: readonly {
  readonly panel: PanelName;
  readonly title: string;
  readonly key: string;
}[] = [
  { panel: "left", title: "Left panel", key: "," },
  { panel: "right", title: "Right panel", key: "." },
  { panel: "table", title: "Table of metadata", key: "M" },
];

export function pageCommands({ layout, bookmarks }: State): readonly Command[] {
  return [
    {
      group: "Page",
      title: "All commands",
      keys: ["Ctrl+K"],
      run: (store) => store.dispatch(openDialog("palette")),
    },
    {
      group: "Page",
      title: "Change the theme",
      keys: ["T"],
      run: (store) => store.dispatch(nextTheme()),
    },
    ...PANELS.map(
      ({ panel, title, key }): Command => ({
        group: "Page",
        title,
        keys: [key],
        isOn: layout.open[panel],
        run: (store) => store.dispatch(togglePanel(panel)),
      }),
    ),
    {
      group: "Page",
      title: "Bookmark this view",
      keys: ["Ctrl+D"],
      run: (store) => {
        store.dispatch(addBookmark());
        store.dispatch(openInspector("bookmarks"));
      },
    },
    {
      group: "Page",
      title: "Copy the link to this view",
      run: (store) => store.request({ kind: "copy-link" }),
    },
    ...bookmarks.map(
      (bookmark): Command => ({
        group: "Page",
        title: `Show bookmark ${bookmark.name}`,
        run: (store) => store.request({ kind: "show-bookmark", bookmark }),
      }),
    ),
    {
      group: "Page",
      title: "Export picture, web page or data",
      keys: ["E"],
      run: (store) => store.dispatch(openDialog("export")),
    },
    ...EXPORTS.map(
      ({ what, title }): Command => ({
        group: "Page",
        title,
        run: (store) => store.request({ kind: "export", what }),
      }),
    ),
    {
      group: "Page",
      title: "Full screen",
      keys: ["Shift+F"],
      run: (store) => store.request({ kind: "full-screen" }),
    },
    {
      group: "Page",
      title: "Keyboard shortcuts",
      keys: ["?"],
      run: (store) => store.dispatch(openDialog("shortcuts")),
    },
    {
      group: "Page",
      title: "Problems and warnings",
      run: (store) => store.dispatch(openDialog("problems")),
    },
    {
      group: "Page",
      title: "Open the demo",
      run: (store) => store.request({ kind: "open-demo" }),
    },
  ];
}
