/** What came from the server about a dataset. */
import type { Dataset } from "../../model/dataset";
import { type ColumnData, type DatasetData, IDLE, type Loadable, type Sprite } from "../state";
import type { Action } from "../store";

/** Columns of a million points weigh megabytes each: only the last few datasets stay. */
const MAX_DATASETS = 12;

export function datasetLoaded(info: Dataset, revision: string | null = null): Action {
  return (state) => {
    const known = state.datasets[info.id];
    if (known && known.info.content === info.content && known.revision === revision) return state;
    const fresh: DatasetData = { info, revision, columns: {}, sprite: IDLE };
    const { [info.id]: _, ...others } = state.datasets;
    const inUse = state.work.shown?.dataset;
    const kept = Object.entries(others).filter(
      ([id], at, all) => id === inUse || at > all.length - MAX_DATASETS,
    );
    return { ...state, datasets: { ...Object.fromEntries(kept), [info.id]: fresh } };
  };
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
