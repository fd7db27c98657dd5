/** Where in the log one stands, and which picture of it is made. */
import { runsOf, tensorsOf } from "../../model/data/listing";
import { openInspector, setPlaying } from "../actions/page";
import { goToRun, goToTensor, moveStep } from "../actions/place";
import { compareWithLast, openMethod, resetParameters, setDims } from "../actions/projection";
import { listingOf, methodsOf } from "../selectors/listing";
import type { State } from "../state/state";
import type { Command } from "./command";

export function dataCommands(state: State): readonly Command[] {
  const { view, page } = state;
  const listing = listingOf(state);
  const run = view.place?.run ?? "";
  const runs = listing ? runsOf(listing) : [];
  const tensors = listing ? tensorsOf(listing, run) : [];
  const nSteps = tensors.find(({ name }) => name === view.place?.name)?.steps.length ?? 0;
  return [
    {
      group: "Data",
      title: "Previous step",
      keys: ["["],
      isDisabled: nSteps < 2,
      run: (store) => store.dispatch(moveStep(-1)),
    },
    {
      group: "Data",
      title: "Next step",
      keys: ["]"],
      isDisabled: nSteps < 2,
      run: (store) => store.dispatch(moveStep(1)),
    },
    {
      group: "Data",
      title: page.isPlaying ? "Pause the steps" : "Play through the steps",
      keys: ["P"],
      isDisabled: nSteps < 2,
      run: (store) => store.dispatch(setPlaying(!page.isPlaying)),
    },
    {
      group: "Data",
      title: "Search points",
      keys: ["/", "Ctrl+F"],
      run: (store) => {
        store.dispatch(openInspector("inspect"));
        store.request({ kind: "focus-search" });
      },
    },
    ...methodCommands(state),
    ...(runs.length > 1 ? runs : []).map(
      (name): Command => ({
        group: "Data",
        title: `Go to run ${name}`,
        isOn: name === run,
        run: (store) => store.dispatch(goToRun(name)),
      }),
    ),
    ...(tensors.length > 1 ? tensors : []).map(
      ({ name }): Command => ({
        group: "Data",
        title: `Go to tensor ${name}`,
        isOn: name === view.place?.name,
        run: (store) => store.dispatch(goToTensor(name)),
      }),
    ),
  ];
}

function methodCommands(state: State): readonly Command[] {
  const { view, work } = state;
  return [
    ...(methodsOf(state) ?? []).map(
      ({ name, title }, at): Command => ({
        group: "Projection",
        title: `Open ${title}`,
        keys: [String(at + 1)],
        isOn: view.method === name,
        run: (store) => store.dispatch(openMethod(name)),
      }),
    ),
    {
      group: "Projection",
      title: "Run the projection",
      keys: ["R"],
      run: (store) => store.request({ kind: "run" }),
    },
    {
      group: "Projection",
      title: "Stop the projection",
      run: (store) => store.request({ kind: "stop" }),
    },
    {
      group: "Projection",
      title: "Compare with the picture before",
      keys: ["C"],
      isDisabled: work.before === null,
      run: (store) => store.dispatch(compareWithLast()),
    },
    {
      group: "Projection",
      title: "Reset parameters",
      run: (store) => store.dispatch(resetParameters()),
    },
    {
      group: "Projection",
      title: view.dims === 2 ? "Show in 3D" : "Show in 2D",
      keys: ["D"],
      onSheet: "2D or 3D",
      run: (store) => store.dispatch(setDims(view.dims === 2 ? 3 : 2)),
    },
  ];
}
