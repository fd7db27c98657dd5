/** Commands for the camera and the tools of the plot. */
import type { Tool } from "../../model/view/tool";
import { setReach, setTool } from "../actions/page";
import type { Action } from "../store";
import type { CommandDefinition } from "./command";

const GROUP = { group: "Plot" } as const;

/** Degrees that a press rotates the plot in its plane: six presses are a right angle. */
const ROTATION = 15;

export const PLOT_COMMANDS: readonly CommandDefinition[] = [
  {
    ...GROUP,
    id: "plot.home",
    title: "Show everything",
    keys: ["H"],
    run: (store) => store.request({ kind: "home" }),
  },
  {
    ...GROUP,
    id: "plot.rotate-left",
    title: "Rotate left",
    keys: ["Q"],
    run: (store) => store.request({ kind: "roll", degrees: -ROTATION }),
  },
  {
    ...GROUP,
    id: "plot.rotate-right",
    title: "Rotate right",
    keys: ["W"],
    run: (store) => store.request({ kind: "roll", degrees: ROTATION }),
  },
  {
    ...GROUP,
    id: "plot.navigate",
    title: "Navigate",
    keys: ["V"],
    isOn: ({ page }) => page.tool === "navigate",
    run: (store) => store.dispatch(setTool("navigate")),
  },
  {
    ...GROUP,
    id: "plot.box",
    title: "Select in a box",
    keys: ["B"],
    isOn: ({ page }) => page.tool === "box",
    run: (store) => store.dispatch(toggleTool("box")),
  },
  {
    ...GROUP,
    id: "plot.lasso",
    title: "Select with a lasso",
    keys: ["L"],
    isOn: ({ page }) => page.tool === "lasso",
    run: (store) => store.dispatch(toggleTool("lasso")),
  },
  {
    ...GROUP,
    id: "plot.front",
    title: "Select visible points only",
    keys: ["O"],
    isOn: ({ page }) => page.reach === "front",
    run: (store) => store.dispatch(toggleReach()),
  },
  {
    ...GROUP,
    id: "plot.save-png",
    title: "Save PNG",
    keys: ["Ctrl+S"],
    run: (store) => store.request({ kind: "save-image" }),
  },
];

function toggleTool(tool: Tool): Action {
  return (state) => setTool(state.page.tool === tool ? "navigate" : tool)(state);
}

function toggleReach(): Action {
  return (state) => setReach(state.page.reach === "front" ? "through" : "front")(state);
}
