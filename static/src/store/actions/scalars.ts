/** Scalars of runs, and the settings of their chart. */
import type { Scalars } from "../../model/data/scalars";
import type { ScalarState } from "../state/scalars";
import type { Action } from "../store";

function change(part: Partial<ScalarState>): Action {
  return (state) => ({ ...state, scalars: { ...state.scalars, ...part } });
}

export function scalarsLoaded(run: string, found: Scalars): Action {
  return (state) => change({ runs: { ...state.scalars.runs, [run]: found } })(state);
}

export function chooseScalar(tag: string): Action {
  return change({ tag });
}

export function openScalars(isOpen: boolean): Action {
  return change({ isOpen });
}

export function setLogarithmic(isLog: boolean): Action {
  return change({ isLog });
}

/** What was remembered of an earlier visit. */
export function restoreScalars(tag: string | null, isOpen: boolean): Action {
  return change({ tag, isOpen });
}
