/** Answers to the condition that a person wrote. */
import type { Dataset } from "../../model/data/dataset";
import type { ColumnData } from "../state/data-state";
import { NO_FORMULA } from "../state/formula";
import type { Action } from "../store";

export function whereAsked(of: string): Action {
  return (state) => ({
    ...state,
    formula: { of, failing: { ...state.formula.failing, isLoading: true, error: null } },
  });
}

export function whereFound(of: string, value: Uint8Array): Action {
  return (state) => ({
    ...state,
    formula: { of, failing: { value, isLoading: false, error: null } },
  });
}

/** What cannot be asked filters nothing, and says so. */
export function whereFailed(of: string, error: string): Action {
  return (state) => ({
    ...state,
    formula: { of, failing: { value: null, isLoading: false, error } },
  });
}

export function whereForgotten(): Action {
  return (state) => (state.formula === NO_FORMULA ? state : { ...state, formula: NO_FORMULA });
}

/** A dataset with other computed columns than before; those that stayed keep what was fetched. */
export function columnsChanged(info: Dataset): Action {
  return (state) => {
    const known = state.datasets[info.id];
    if (!known) return state;
    const columns: Record<number, ColumnData> = {};
    for (const { index, name } of info.columns) {
      const before = known.info.columns.find((each) => each.name === name);
      const data = before && known.columns[before.index];
      const isComputed = info.computed?.[name] !== known.info.computed?.[name];
      if (data && !isComputed) columns[index] = data;
    }
    return { ...state, datasets: { ...state.datasets, [info.id]: { ...known, info, columns } } };
  };
}
