/** What is known of the density of all points, of a dataset of which only some are shown. */
import type { Density } from "../../model/data/density";
import type { Action } from "../store";

export function densityHeard(dataset: string, density: Density): Action {
  return (state) => {
    const known = state.datasets[dataset];
    if (!known) return state;
    return { ...state, datasets: { ...state.datasets, [dataset]: { ...known, density } } };
  };
}
