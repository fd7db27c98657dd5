/** What is known of training runs. */
import type { Run } from "../../model/data/runs";
import type { RunsState } from "../state/runs";
import type { Action } from "../store";

export function allRunsChanged(all: RunsState["all"]): Action {
  return (state) => {
    const found = all.status === "ready" ? byName(all.value) : {};
    return { ...state, runs: { all, known: { ...state.runs.known, ...found } } };
  };
}

export function runsLoaded(runs: readonly Run[]): Action {
  return (state) => {
    const known = { ...state.runs.known, ...byName(runs) };
    return { ...state, runs: { ...state.runs, known } };
  };
}

function byName(runs: readonly Run[]): Readonly<Record<string, Run>> {
  return Object.fromEntries(runs.map((run) => [run.name, run]));
}
