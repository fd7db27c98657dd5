/** What is known of the density of all points, of a dataset of which only some are shown. */
import type { Density } from "../../model/data/density";
import type { Action } from "../store";
import { changeDataset } from "./data";

export function densityHeard(dataset: string, density: Density): Action {
  return changeDataset(dataset, (data) => ({ ...data, density }));
}
