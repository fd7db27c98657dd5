/** Takes what is measured of steps and runs. */
import type { Measurement } from "../../model/data/measurement";
import type { MeasureValues, RunsHealth } from "../state/measures";
import type { Action } from "../store";

/** Of an earlier question nothing is taken: `isNew` says that it is the one from now on. */
export function measured<Name extends keyof MeasureValues>(
  name: Name,
  measurement: Measurement<MeasureValues[Name]>,
  isNew = false,
): Action {
  return (state) => {
    const before = state.measures[name];
    if (!isNew && before?.key !== measurement.key) return state;
    return { ...state, measures: { ...state.measures, [name]: measurement } };
  };
}

export function runsMeasured(part: Partial<RunsHealth>): Action {
  return (state) => {
    const { runs } = state.measures;
    const found = { ...runs.found, ...part.found };
    return { ...state, measures: { ...state.measures, runs: { ...runs, ...part, found } } };
  };
}
