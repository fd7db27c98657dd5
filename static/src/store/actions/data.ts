/** What came from the server about a dataset. */
import type { Dataset, PointValues } from "../../model/data/dataset";
import {
  type ColumnData,
  type DatasetData,
  IDLE,
  type Loadable,
  type Sprite,
  type State,
} from "../state/state";
import type { Action } from "../store";

/** Columns of a million points weigh megabytes each: only the last few datasets stay. */
const MAX_DATASETS = 12;

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
    const inUse = state.work.shown?.dataset;
    const kept = Object.entries(others).filter(
      ([id], at, all) => id === inUse || at > all.length - MAX_DATASETS,
    );
    return { ...state, datasets: { ...Object.fromEntries(kept), [info.id]: fresh } };
  };
}

/** Somebody tagged: what was fetched stays on the screen until what it is now has come. */
function retagged(state: State, known: DatasetData, info: Dataset, tags: string | null): State {
  const columns: Record<number, ColumnData> = {};
  for (const { index, name, tags: now } of info.columns) {
    const data = known.columns[index];
    const before = known.info.columns[index];
    if (!data || before?.name !== name) continue;
    columns[index] = before.tags?.revision === now?.revision ? data : { ...data, isStale: true };
  }
  const work = { ...state.work, answers: unsupervised(state.work.answers, known.info, info) };
  const values: Record<string, PointValues> = { ...state.attention.values };
  for (const [key, value] of Object.entries(values)) {
    if (key.startsWith(`${info.id}:`)) values[key] = { ...value, isStale: true };
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
  answers: State["work"]["answers"],
  before: Dataset,
  now: Dataset,
): State["work"]["answers"] {
  const revisions = new Map(now.columns.map(({ name, tags }) => [name, tags?.revision]));
  const changed = [...before.columns, ...now.columns].filter(
    ({ name, tags }) => revisions.get(name) !== tags?.revision,
  );
  // Any setting that has the column's name as its value may mean the column.
  const marks = changed.map(({ name }) => `,${JSON.stringify(name)}]`);
  const isStale = (key: string) =>
    key.startsWith(`${now.id} `) && marks.some((mark) => key.includes(mark));
  return Object.fromEntries(Object.entries(answers).filter(([key]) => !isStale(key)));
}

/** Everything that is known of a column, in place of what was known before it was tagged. */
export function columnReplaced(dataset: string, column: number, data: ColumnData): Action {
  return changeDataset(dataset, (known) => ({
    ...known,
    columns: { ...known.columns, [column]: data },
  }));
}

export function columnLoaded(dataset: string, column: number, part: ColumnData): Action {
  return changeDataset(dataset, (data) => ({
    ...data,
    columns: { ...data.columns, [column]: { ...data.columns[column], ...part } },
  }));
}

export function spriteChanged(dataset: string, sprite: Loadable<Sprite>): Action {
  return changeDataset(dataset, (data) => ({ ...data, sprite }));
}

function changeDataset(id: string, change: (data: DatasetData) => DatasetData): Action {
  return (state) => {
    const data = state.datasets[id];
    return data ? { ...state, datasets: { ...state.datasets, [id]: change(data) } } : state;
  };
}
