/** The page itself. */
import { nextTheme, openDialog } from "../actions/page";
import type { State } from "../state";
import type { Command } from "./command";

export function pageCommands(_: State): readonly Command[] {
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
