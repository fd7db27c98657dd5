/** What is known of the density of all points, of a dataset of which only some are shown. */
import type { Density } from "../../model/data/density";
import type { RootAction } from "../store";

export function densityHeard(dataset: string, density: Density): RootAction {
  return {
    inRoot(root) {
      const known = root.data.datasets[dataset];
      if (!known) return root;
      const datasets = { ...root.data.datasets, [dataset]: { ...known, density } };
      return { ...root, data: { ...root.data, datasets } };
    },
  };
}
