/** Commands for the appearance of the points that no single setting declares. */
import { isColorable } from "../../model/color/color";
import { type Column, type ColumnRef, refOf } from "../../model/data/dataset";
import { columnToText } from "../../model/view/url-parts";
import { setSetting } from "../actions/view";
import { offers } from "../offered";
import { clusterSearch } from "../selectors/clusters";
import { finishedProjection } from "../selectors/quality";
import { colorColumn, drawnAs, labelColumn, shownDataset } from "../selectors/shown";
import type { State } from "../state/state";
import type { Store } from "../store";
import type { CommandDefinition } from "./command";

const GROUP = { group: "Color and size" } as const;

export const APPEARANCE_COMMANDS: readonly CommandDefinition[] = [
  {
    ...GROUP,
    id: "appearance.density",
    title: "Density",
    keys: ["Shift+D"],
    onSheet: "density or points",
    isOn: (state) => drawnAs(state) === "density",
    isEnabled: ({ page }) => page.canDrawDensity,
    // Whatever is drawn becomes the other one, even before anything was chosen.
    run: (store) =>
      store.dispatch((state) =>
        setSetting("drawAs", drawnAs(state) === "density" ? "points" : "density")(state),
      ),
  },
  {
    ...GROUP,
    id: "clusters.find",
    title: "Find clusters",
    isOffered: offers("find-clusters"),
    isEnabled: canFindClusters,
    run: (store) => store.request({ kind: "find-clusters", inPicture: false }),
  },
  {
    ...GROUP,
    id: "clusters.find-in-picture",
    title: "Find clusters in this picture",
    isOffered: offers("find-clusters"),
    isEnabled: canFindClusters,
    run: (store) => store.request({ kind: "find-clusters", inPicture: true }),
  },
  {
    ...GROUP,
    id: "appearance.color-by-nothing",
    title: "Color by nothing",
    isOn: (state) => shownDataset(state) !== null && colorOf(state) === null,
    isEnabled: (state) => shownDataset(state) !== null,
    run: choosing("color", null),
  },
  {
    ...GROUP,
    id: "appearance.size-by-nothing",
    title: "Size by nothing",
    isOn: ({ view }) => view.sizeBy === null,
    run: choosing("sizeBy", null),
  },
  {
    ...GROUP,
    id: "appearance.opacity-by-nothing",
    title: "Opacity by nothing",
    isOn: ({ view }) => view.opacityBy === null,
    run: choosing("opacityBy", null),
  },
];

/** What each column can be used for. Made when they are listed, never for a key press. */
export function columnCommands(state: State): readonly CommandDefinition[] {
  const columns = columnsOf(state);
  const numeric = columns.filter(({ kind }) => kind === "numeric" || kind === "time");
  return [
    ...columns.filter(isColorable).map((column) => ({
      ...definitionOf("color", "Color by", column),
      isOn: (now: State) => colorOf(now)?.index === column.index,
    })),
    ...columns.map((column) => ({
      ...definitionOf("label", "Label by", column),
      isOn: (now: State) => labelOf(now)?.index === column.index,
    })),
    ...numeric.flatMap((column) => [
      definitionOf("sizeBy", "Size by", column),
      definitionOf("opacityBy", "Opacity by", column),
    ]),
  ];
}

function canFindClusters(state: State): boolean {
  const isWorking = clusterSearch(state)?.status === "working";
  return finishedProjection(state) !== null && !isWorking;
}

type ColumnKey = "color" | "label" | "sizeBy" | "opacityBy";

function definitionOf(key: ColumnKey, verb: string, column: Column): CommandDefinition {
  return {
    ...GROUP,
    id: `column.${key}.${columnToText(refOf(column))}`,
    title: `${verb} ${column.name}`,
    run: choosing(key, refOf(column)),
  };
}

function choosing(key: ColumnKey, column: ColumnRef | null): (store: Store) => void {
  return (store) => store.dispatch(setSetting(key, column));
}

function columnsOf(state: State): readonly Column[] {
  return shownDataset(state)?.info.columns ?? [];
}

function colorOf(state: State): Column | null {
  const data = shownDataset(state);
  return data && colorColumn(state, data);
}

function labelOf(state: State): Column | null {
  const data = shownDataset(state);
  return data && labelColumn(state, data);
}
