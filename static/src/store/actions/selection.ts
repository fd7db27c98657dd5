/** Hover, selection, neighbors and search. */
import type { PointValues } from "../../model/data/dataset";
import { isEqual } from "../../model/data/equality";
import type { Neighbors } from "../../model/projection/neighbors";
import { freshName, type NamedSelection } from "../../model/view/named-selection";
import {
  combine,
  EMPTY_SELECTION,
  equal,
  type Selection,
  type SelectMode,
} from "../../model/view/selection";
import { NO_EDITS } from "../state/edit";
import { back, forward, type History, push, startHistory } from "../state/history";
import { searchingFor } from "../state/search";
import { type Anchor, type Attention, NO_ANSWER, pointKey } from "../state/state";
import type { PointedEntry } from "../state/view-state";
import type { Action, RootAction } from "../store";
import { redone, undone } from "../undo";

/** Points whose metadata is kept; the pointer meets many in a minute. */
const MAX_VALUES = 400;

function change(part: Partial<Attention>): Action {
  return (state) => ({ ...state, attention: { ...state.attention, ...part } });
}

export function hover(index: number | null, anchor: Anchor | null = null): Action {
  return (state) =>
    index === null && state.attention.hover === null
      ? state
      : change({ hover: index, anchor })(state);
}

export function select(incoming: Selection, mode: SelectMode = "replace"): Action {
  return (state) => {
    const { history } = state.attention;
    const next = combine(history.present, incoming, mode);
    return equal(next, history.present) ? state : walk(push(history, next))(state);
  };
}

export function clearSelection(): Action {
  return select(EMPTY_SELECTION);
}

/**
 * Rows of one dataset name nothing in another with other points: selection, history, hover and
 * camera are given up. (Steps and runs of the same points keep them all.)
 */
export function forgetPoints(): Action {
  return (state) => {
    const history = startHistory(EMPTY_SELECTION);
    const attention = {
      ...state.attention,
      history,
      neighbors: NO_ANSWER,
      hover: null,
      anchor: null,
      named: [],
      legendEntry: null,
    };
    // Filters name columns and categories, not rows: they stay.
    return { ...state, attention, view: { ...state.view, camera: null, isolation: [] } };
  };
}

export function selectBack(): Action {
  return (state) => walk(back(state.attention.history))(state);
}

export function selectForward(): Action {
  return (state) => walk(forward(state.attention.history))(state);
}

/** Put the selection aside under a name. */
export function nameSelection(name?: string): Action {
  return (state) => {
    const { history, named } = state.attention;
    if (history.present.length === 0) return state;
    const id = 1 + Math.max(0, ...named.map((each) => each.id));
    const saved = { id, name: name ?? freshName(named), rows: history.present };
    return change({ named: [...named, saved] })(state);
  };
}

/** As a bookmark has them. */
export function restoreSelections(named: readonly NamedSelection[]): Action {
  return change({ named });
}

export function renameSelection(id: number, name: string): Action {
  return (state) =>
    change({
      named: state.attention.named.map((each) =>
        each.id === id && name.trim() !== "" ? { ...each, name: name.trim() } : each,
      ),
    })(state);
}

export function forgetSelection(id: number): Action {
  return (state) =>
    change({ named: state.attention.named.filter((each) => each.id !== id) })(state);
}

/** Take back the last change, in whichever view it was made. */
export function undo(): RootAction {
  return { inRoot: undone };
}

export function redo(): RootAction {
  return { inRoot: redone };
}

/** What a link or a bookmark sets up is where undoing ends. */
export function forgetEdits(): Action {
  return (state) => ({ ...state, edits: NO_EDITS });
}

/** The legend's entry under the pointer, or none. */
export function pointAtEntry(legendEntry: PointedEntry | null): Action {
  return (state) =>
    isEqual(state.attention.legendEntry, legendEntry) ? state : change({ legendEntry })(state);
}

/** Neighbors belong to one point: they go with it, and stay while the same one is asked again. */
function walk(history: History<Selection>): Action {
  return change({ history, neighbors: NO_ANSWER });
}

export function neighborsAsked(): Action {
  return (state) =>
    change({ neighbors: { ...state.attention.neighbors, isLoading: true, error: null } })(state);
}

export function neighborsFound(value: Neighbors): Action {
  return change({ neighbors: { value, isLoading: false, error: null } });
}

export function neighborsFailed(error: string): Action {
  return change({ neighbors: { value: null, isLoading: false, error } });
}

export function valuesLoaded(dataset: string, values: PointValues): Action {
  return (state) => {
    const entries = Object.entries(state.attention.values).slice(-MAX_VALUES);
    const kept = Object.fromEntries(entries);
    const key = pointKey(dataset, values.index);
    return change({ values: { ...kept, [key]: { ...values, dataset } } })(state);
  };
}

export function mediaExplained(key: string, message: string): Action {
  return (state) => {
    const { mediaProblems } = state.attention;
    return change({ mediaProblems: { ...mediaProblems, [key]: message } })(state);
  };
}

/** Shown again later, it is tried again. */
export function mediaForgotten(key: string): Action {
  return (state) => {
    const { [key]: problem, ...mediaProblems } = state.attention.mediaProblems;
    return problem === undefined ? state : change({ mediaProblems })(state);
  };
}

export function setSearchText(text: string): Action {
  return (state) => change({ search: searchingFor(state.attention.search, text) })(state);
}

export function setSearchColumn(column: number | null): Action {
  return (state) => change({ search: { ...state.attention.search, column } })(state);
}

export function searchAsked(): Action {
  return (state) => changeRows(state.attention.search.rows.value, true, null)(state);
}

export function searchFound(rows: Uint32Array, columns: Uint16Array | null = null): Action {
  return (state) => {
    const next = changeRows(rows, false, null)(state);
    const { search } = next.attention;
    return change({ search: { ...search, columns } })(next);
  };
}

export function searchFailed(error: string): Action {
  return changeRows(null, false, error);
}

function changeRows(value: Uint32Array | null, isLoading: boolean, error: string | null): Action {
  return (state) =>
    change({ search: { ...state.attention.search, rows: { value, isLoading, error } } })(state);
}
