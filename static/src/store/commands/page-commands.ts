/** The page itself. */
import { togglePanel } from "../actions/arrangement";
import { nextTheme, openDialog } from "../actions/page";
import type { PanelName } from "../arrangement";
import type { State } from "../state";
import type { Command } from "./command";

const PANELS: readonly {
  readonly panel: PanelName;
  readonly title: string;
  readonly key: string;
}[] = [
  { panel: "left", title: "Left panel", key: "," },
  { panel: "right", title: "Right panel", key: "." },
  { panel: "table", title: "Table of metadata", key: "M" },
];

export function pageCommands({ arrangement }: State): readonly Command[] {
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
        isOn: arrangement.open[panel],
        run: (store) => store.dispatch(togglePanel(panel)),
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
  ];
}
