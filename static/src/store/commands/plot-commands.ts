/** The camera and the tools. */
import { setReach, setTool } from "../actions/page";
import type { State } from "../state";
import type { Command } from "./command";

export function plotCommands({ page }: State): readonly Command[] {
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
      title: "Save picture",
      keys: ["Ctrl+S"],
      run: (store) => store.request({ kind: "save-picture" }),
    },
  ];
}
