/** How the points look. */
import { refOf } from "../../model/data/dataset";
import {
  colorBy,
  labelBy,
  opacityBy,
  setCategoryLabels,
  setDrawAs,
  setPointNames,
  setRamp,
  setScale,
  setSprites,
  sizeBy,
} from "../actions/view";
import { colorColumn, drawnAs, labelColumn, shownDataset } from "../selectors/shown";
import type { State } from "../state/state";
import type { Command } from "./command";

export function viewCommands(state: State): readonly Command[] {
  const { view, page } = state;
  const group = "Color and size";
  return [
    {
      group,
      title: "Category names",
      keys: ["N"],
      isOn: view.categoryLabels,
      run: (store) => store.dispatch(setCategoryLabels(!view.categoryLabels)),
    },
    {
      group,
      title: "Point names",
      keys: ["Shift+N"],
      onSheet: "names of the points in view",
      isOn: view.pointNames,
      run: (store) => store.dispatch(setPointNames(!view.pointNames)),
    },
    {
      group,
      title: "Images",
      keys: ["I"],
      onSheet: "images or dots",
      isOn: view.sprites,
      isDisabled: !shownDataset(state)?.info.sprite,
      run: (store) => store.dispatch(setSprites(!view.sprites)),
    },
    {
      group,
      title: "Density",
      keys: ["Shift+D"],
      onSheet: "density or points",
      isOn: drawnAs(state) === "density",
      isDisabled: !page.canDrawDensity,
      run: (store) =>
        store.dispatch(setDrawAs(drawnAs(state) === "density" ? "points" : "density")),
    },
    { group, title: "Color as categories", run: (s) => s.dispatch(setScale("categorical")) },
    { group, title: "Color as a ramp", run: (s) => s.dispatch(setScale("numeric")) },
    { group, title: "Ramp: linear", run: (s) => s.dispatch(setRamp({ transform: "linear" })) },
    { group, title: "Ramp: logarithmic", run: (s) => s.dispatch(setRamp({ transform: "log" })) },
    {
      group,
      title: "Ramp: quantiles",
      run: (s) => s.dispatch(setRamp({ transform: "quantile" })),
    },
    { group, title: "Ramp: sequential", run: (s) => s.dispatch(setRamp({ kind: "sequential" })) },
    { group, title: "Ramp: diverging", run: (s) => s.dispatch(setRamp({ kind: "diverging" })) },
    ...columnCommands(state),
  ];
}

function columnCommands(state: State): readonly Command[] {
  const data = shownDataset(state);
  if (!data) return [];
  const group = "Color and size";
  const color = colorColumn(state, data);
  const label = labelColumn(state, data);
  const { columns } = data.info;
  const numeric = columns.filter(({ kind }) => kind === "numeric" || kind === "time");
  return [
    ...columns.map(
      (column): Command => ({
        group,
        title: `Color by ${column.name}`,
        isOn: column === color,
        run: (store) => store.dispatch(colorBy(refOf(column))),
      }),
    ),
    { group, title: "Color by nothing", isOn: !color, run: (s) => s.dispatch(colorBy(null)) },
    ...columns.map(
      (column): Command => ({
        group,
        title: `Label by ${column.name}`,
        isOn: column === label,
        run: (store) => store.dispatch(labelBy(refOf(column))),
      }),
    ),
    ...numeric.flatMap((column): Command[] => [
      { group, title: `Size by ${column.name}`, run: (s) => s.dispatch(sizeBy(refOf(column))) },
      {
        group,
        title: `Opacity by ${column.name}`,
        run: (s) => s.dispatch(opacityBy(refOf(column))),
      },
    ]),
    { group, title: "Size by nothing", run: (s) => s.dispatch(sizeBy(null)) },
    { group, title: "Opacity by nothing", run: (s) => s.dispatch(opacityBy(null)) },
  ];
}
