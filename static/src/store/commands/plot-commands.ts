/** The camera and the tools. */
import { setReach, setTool } from "../actions/page";
import { projectionChosen } from "../actions/view";
import type { State } from "../state/state";
import type { Command } from "./command";

/** Degrees a press turns the picture in its plane: six are a right angle. */
const TURN = 15;

export function plotCommands({ page, view }: State): readonly Command[] {
  const { tool, reach } = page;
  return [
    {
      group: "Plot",
      title: "Show everything",
      keys: ["H"],
      run: (store) => store.request({ kind: "home" }),
    },
    {
      group: "Plot",
      title: "Turn left",
      keys: ["Q"],
      run: (store) => store.request({ kind: "roll", degrees: -TURN }),
    },
    {
      group: "Plot",
      title: "Turn right",
      keys: ["W"],
      run: (store) => store.request({ kind: "roll", degrees: TURN }),
    },
    {
      group: "Plot",
      title: "Navigate",
      keys: ["V"],
      isOn: tool === "navigate",
      run: (store) => store.dispatch(setTool("navigate")),
    },
    {
      group: "Plot",
      title: "Select in a box",
      keys: ["B"],
      isOn: tool === "box",
      run: (store) => store.dispatch(setTool(tool === "box" ? "navigate" : "box")),
    },
    {
      group: "Plot",
      title: "Select with a lasso",
      keys: ["L"],
      isOn: tool === "lasso",
      run: (store) => store.dispatch(setTool(tool === "lasso" ? "navigate" : "lasso")),
    },
    {
      group: "Plot",
      title: "Select only points in front",
      keys: ["O"],
      isOn: reach === "front",
      run: (store) => store.dispatch(setReach(reach === "front" ? "through" : "front")),
    },
    {
      group: "Plot",
      title: view.lens === "perspective" ? "Parallel view" : "Perspective view",
      isDisabled: view.dims === 2,
      run: (store) =>
        store.dispatch(
          projectionChosen({ lens: view.lens === "perspective" ? "parallel" : "perspective" }),
        ),
    },
    {
      group: "Plot",
      title: view.turning === "trackball" ? "Turn as a turntable" : "Turn as a trackball",
      isDisabled: view.dims === 2,
      run: (store) =>
        store.dispatch(
          projectionChosen({ turning: view.turning === "trackball" ? "turntable" : "trackball" }),
        ),
    },
    {
      group: "Plot",
      title: "Save picture",
      keys: ["Ctrl+S"],
      run: (store) => store.request({ kind: "save-picture" }),
    },
  ];
}
