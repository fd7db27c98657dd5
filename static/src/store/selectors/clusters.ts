/** The clusters of what is shown: their search, their columns, and what a name stands for. */
import {
  type ClusterName,
  clusterColumns,
  isClusterColumn,
  isUnlabeled,
  UNASKED_POINTS,
} from "../../model/data/clusters";
import type { Column } from "../../model/data/dataset";
import type { ClusterSearch } from "../state/clusters";
import type { State } from "../state/state";
import { isReadOnly } from "./listing";
import { finishedProjection } from "./quality";
import { colorColumn, colorScale, shownDataset } from "./shown";

const NO_COLUMNS: readonly Column[] = [];

export function clusterSearch(state: State): ClusterSearch | null {
  return state.clusters[shownDataset(state)?.info.content ?? ""] ?? null;
}

/** The content whose clusters would tell a person something that nobody asked for yet. */
export function unaskedClusters(state: State): string | null {
  const info = shownDataset(state)?.info;
  if (!info || !finishedProjection(state) || isReadOnly(state)) return null;
  const { above, most } = UNASKED_POINTS;
  const isWanted = info.n_points > above && info.n_points <= most && isUnlabeled(info.columns);
  return isWanted && !state.clusters[info.content] ? info.content : null;
}

/** The columns of the levels, the finest first. */
export function shownClusterColumns(state: State): readonly Column[] {
  const data = shownDataset(state);
  return data ? clusterColumns(data.info.columns) : NO_COLUMNS;
}

/** Whether names of clusters are written: not where those of other groups are. */
export function namesClusters(state: State): boolean {
  const data = shownDataset(state);
  if (!state.view.clusterNames || !data) return false;
  const color = colorColumn(state, data);
  if (!color || isClusterColumn(color) || !state.view.categoryLabels) return true;
  return colorScale(state, color) !== "categorical";
}

/** What is known of a cluster by its level, the finest being 0, and its name. */
export function clusterNamed(state: State, level: number, text: string): ClusterName | null {
  const levels = clusterSearch(state)?.result?.levels ?? [];
  return levels.at(-1 - level)?.names.find((name) => name.text === text) ?? null;
}

/** The rows of a cluster; null while its column is on its way. */
export function clusterRows(state: State, level: number, text: string): Uint32Array | null {
  const data = shownDataset(state);
  const column = shownClusterColumns(state)[level];
  const values = column && data?.columns[column.index]?.codes;
  const code = values?.categories.names.indexOf(text) ?? -1;
  if (!values || code < 0) return null;
  const rows: number[] = [];
  for (let row = 0; row < values.codes.length; row++)
    if (values.codes[row] === code) rows.push(row);
  return Uint32Array.from(rows);
}
