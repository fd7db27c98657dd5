/** Commands for files, new steps, scalars, and searches in the original space. */
import { follow } from "../actions/new-steps";
import { openInspector } from "../actions/page";
import { askCentroid } from "../actions/query";
import { openScalars } from "../actions/scalars";
import { setSearchText } from "../actions/selection";
import { offers } from "../offered";
import { selection } from "../selectors/shown";
import type { CommandDefinition } from "./command";

export const FILE_COMMANDS: readonly CommandDefinition[] = [
  {
    id: "file.open",
    group: "Data",
    title: "Open a file…",
    keys: ["Ctrl+O"],
    isOffered: offers("choose-files"),
    run: (store) => store.request({ kind: "choose-files" }),
  },
  {
    id: "step.follow",
    group: "Data",
    title: "Follow the newest step",
    isOn: ({ newSteps }) => newSteps.isFollowing,
    run: (store) => store.dispatch((state) => follow(!state.newSteps.isFollowing)(state)),
  },
  {
    id: "search.expression",
    group: "Data",
    title: "Find points nearest to an expression",
    run: (store) => {
      store.dispatch(openInspector("inspect"));
      store.dispatch(setSearchText("= "));
      store.request({ kind: "focus-search" });
    },
  },
  {
    id: "selection.centroid",
    group: "Selection",
    title: "Nearest to the centroid of the selection",
    isEnabled: (state) => selection(state).length > 1,
    run: (store) => {
      store.dispatch(openInspector("inspect"));
      store.dispatch((state) => askCentroid(selection(state))(state));
    },
  },
  {
    id: "page.scalars",
    group: "Page",
    title: ({ scalars }) => (scalars.isOpen ? "Hide scalars" : "Show scalars"),
    run: (store) => store.dispatch((state) => openScalars(!state.scalars.isOpen)(state)),
  },
];
