/** Filters, and points that are isolated or hidden. */
import type { ColumnRef } from "../../model/data/dataset";
import {
  type ColumnFilter,
  filterOf,
  toggleValue,
  type ValueKey,
  withFilter,
} from "../../model/view/filter";
import type { IsolationStep } from "../../model/view/isolation";
import type { Selection } from "../../model/view/selection";
import type { View } from "../../model/view/view";
import type { Action } from "../store";

function change(part: Partial<View>): Action {
  return (state) => ({ ...state, view: { ...state.view, ...part } });
}

/** Filter by a column; null lets all its values pass again. */
export function setFilter(column: ColumnRef, filter: ColumnFilter | null): Action {
  return (state) => {
    const filters = withFilter(state.view.filters, column, filter);
    return filters === state.view.filters ? state : change({ filters })(state);
  };
}

/** A click on a bar, or on an entry of the legend. */
export function toggleFilterValue(column: ColumnRef, key: ValueKey): Action {
  return (state) => {
    const old = filterOf(state.view.filters, column);
    return setFilter(column, toggleValue(old, column, key))(state);
  };
}

export function clearFilters(): Action {
  return (state) =>
    state.view.filters.length === 0 && state.view.where === ""
      ? state
      : change({ filters: [], where: "" })(state);
}

/** Hide all points but these, or just these; does nothing where there are none. */
export function addIsolationStep(kind: IsolationStep["kind"], rows: Selection): Action {
  return (state) =>
    rows.length === 0
      ? state
      : change({ isolation: [...state.view.isolation, { kind, rows }] })(state);
}

/** Go back to the first `n` steps; 0 shows all. */
export function keepIsolationSteps(n: number): Action {
  return (state) =>
    n >= state.view.isolation.length
      ? state
      : change({ isolation: state.view.isolation.slice(0, n) })(state);
}
