/** Datasets and columns that came from the server. */
import { type Dataset, revisionOfColumn } from "../../model/data/dataset";
import type { Estimates } from "../../model/data/estimate";
import { withTexts } from "../../model/data/some-texts";
import type { Sprite } from "../../model/data/sprite";
import type { ParameterValue } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import type { KnownPoint, KnownProjections } from "../state/data-state";
import { type ColumnData, type DatasetData, IDLE, type Loadable, type State } from "../state/state";
import type { Action, RootAction } from "../store";
import { withColorsArranged } from "./color-order";

/** Columns of a million points weigh megabytes each: only the last few datasets stay. */
const MAX_DATASETS = 12;

/** Forget the datasets that were fetched longest ago, but none that a view shows. */
export function datasetsBounded(): RootAction {
  return {
    inRoot(root) {
      const { data } = root;
      const inUse = new Set(Object.values(root.views).map(({ work }) => work.shown?.dataset));
      const ids = Object.keys(data.datasets);
      const isKept = (id: string, at: number) => inUse.has(id) || at >= ids.length - MAX_DATASETS;
      if (ids.every(isKept)) return root;
      const entries = Object.entries(data.datasets).filter(([id], at) => isKept(id, at));
      return { ...root, data: { ...data, datasets: Object.fromEntries(entries) } };
    },
  };
}

export function datasetLoaded(
  info: Dataset,
  revision: string | null = null,
  tags: string | null = "",
): Action {
  return (state) => {
    const known = state.datasets[info.id];
    if (known && known.info.content === info.content && known.revision === revision) {
      return known.tags === tags ? state : retagged(state, known, info, tags);
    }
    const fresh: DatasetData = { info, revision, tags, columns: {}, sprite: IDLE };
    const { [info.id]: _, ...others } = state.datasets;
    return { ...state, datasets: { ...others, [info.id]: fresh } };
  };
}

/** The same dataset as the server describes it now: with columns that were computed meanwhile. */
export function columnsMade(info: Dataset): Action {
  return (state) => {
    const known = state.datasets[info.id];
    return known?.info.content === info.content ? retagged(state, known, info, known.tags) : state;
  };
}

/** After tagging, the columns as they were stay on the screen until the new ones have come. */
function retagged(state: State, known: DatasetData, info: Dataset, tags: string | null): State {
  const columns: Record<number, ColumnData> = {};
  for (const now of info.columns) {
    const { index, name } = now;
    const data = known.columns[index];
    const before = known.info.columns[index];
    if (!data || before?.name !== name) continue;
    const isSame = revisionOfColumn(before) === revisionOfColumn(now);
    columns[index] = isSame ? data : { ...data, isStale: true };
  }
  const work = { ...state.work, answers: unsupervised(state.work, known.info, info) };
  const values: Record<string, KnownPoint> = { ...state.attention.values };
  for (const [key, value] of Object.entries(values)) {
    if (value.dataset === info.id) values[key] = { ...value, isStale: true };
  }
  return {
    ...state,
    work,
    datasets: { ...state.datasets, [info.id]: { ...known, info, tags, columns } },
    attention: { ...state.attention, values },
  };
}

/** A layout in which a column took part is no answer any more once that column was tagged. */
function unsupervised(
  { answers, projections }: KnownProjections,
  before: Dataset,
  now: Dataset,
): KnownProjections["answers"] {
  const revisions = new Map(now.columns.map((column) => [column.name, revisionOfColumn(column)]));
  const changed = [...before.columns, ...now.columns].filter(
    (column) => revisions.get(column.name) !== revisionOfColumn(column),
  );
  const names = new Set<ParameterValue>(changed.map(({ name }) => name));
  // Any parameter that has the column's name as its value may mean the column.
  const isStale = (projection: Projection | undefined) =>
    projection?.dataset === now.id &&
    Object.values(projection.params).some((value) => names.has(value));
  return Object.fromEntries(Object.entries(answers).filter(([, id]) => !isStale(projections[id])));
}

/** Everything that is known of a column, in place of what was known before it was tagged. */
export function columnReplaced(dataset: string, column: number, data: ColumnData): Action {
  return changeDataset(dataset, (known) => ({
    ...known,
    columns: { ...known.columns, [column]: data },
  }));
}

export function columnLoaded(dataset: string, column: number, part: ColumnData): Action {
  const load = changeDataset(dataset, (data) => ({
    ...data,
    columns: { ...data.columns, [column]: { ...data.columns[column], ...part } },
  }));
  return (state) => withColorsArranged(load(state));
}

/** What some points are called. */
export function namesLoaded(
  dataset: string,
  column: number,
  rows: readonly number[],
  texts: readonly (string | null)[],
): Action {
  return changeDataset(dataset, (data) => {
    const before = data.columns[column];
    if (!before?.someTexts) return data;
    const someTexts = withTexts(before.someTexts, rows, texts);
    return { ...data, columns: { ...data.columns, [column]: { ...before, someTexts } } };
  });
}

export function idsLoaded(dataset: string, ids: Uint32Array): Action {
  return changeDataset(dataset, (data) => ({ ...data, ids }));
}

export function estimatesLoaded(dataset: string, estimates: Estimates): Action {
  return changeDataset(dataset, (data) => ({ ...data, estimates }));
}

export function spriteChanged(dataset: string, sprite: Loadable<Sprite>): Action {
  return changeDataset(dataset, (data) => ({ ...data, sprite }));
}

export function changeDataset(id: string, change: (data: DatasetData) => DatasetData): Action {
  return (state) => {
    const data = state.datasets[id];
    return data ? { ...state, datasets: { ...state.datasets, [id]: change(data) } } : state;
  };
}
