/** What stands beside the picture: files, scalars, news, questions to the original space. */

import { follow } from "../actions/new-steps";
import { openInspector } from "../actions/page";
import { askMiddle } from "../actions/query";
import { openScalars } from "../actions/scalars";
import { setSearchText } from "../actions/selection";
import { selection } from "../selectors/shown";
import type { State } from "../state/state";
import type { Command } from "./command";

export function fileCommands(state: State): readonly Command[] {
  const rows = selection(state);
  return [
    {
      group: "Data",
      title: "Open a file…",
      keys: ["Ctrl+O"],
      run: (store) => store.request({ kind: "choose-files" }),
    },
    {
      group: "Data",
      title: "Follow the newest step",
      isOn: state.news.isFollowing,
      run: (store) => store.dispatch(follow(!state.news.isFollowing)),
    },
    {
      group: "Data",
      title: "Nearest to an expression",
      run: (store) => {
        store.dispatch(openInspector("inspect"));
        store.dispatch(setSearchText("= "));
        store.request({ kind: "focus-search" });
      },
    },
    {
      group: "Selection",
      title: "Nearest to the middle of the selection",
      isDisabled: rows.length < 2,
      run: (store) => {
        store.dispatch(openInspector("inspect"));
        store.dispatch(askMiddle(rows));
      },
    },
    {
      group: "Page",
      title: state.scalars.isOpen ? "Hide scalars" : "Show scalars",
      run: (store) => store.dispatch(openScalars(!state.scalars.isOpen)),
    },
  ];
}
