/** The way from a part of a dataset back to the whole. */
import { type Place, placeOf } from "../../model/data/listing";
import type { State } from "../state/state";
import { entryOf } from "./listing";
import { shownDataset } from "./shown";

export interface Ancestor {
  readonly dataset: string;
  readonly place: Place;
  readonly nPoints: number;
}

/** Whether fewer points are shown than there are: by filters, by hand, or as a part of the data. */
export function isPartShown(state: State): boolean {
  return isFiltered(state) || ancestors(state).length > 0;
}

/** Whether filters, a condition or a person's hand leave points out. */
export function isFiltered({ view }: State): boolean {
  return view.filters.length > 0 || view.isolation.length > 0 || view.where !== "";
}

/** The datasets that what is shown is a part of, the whole first; none where it is no part. */
export function ancestors(state: State): readonly Ancestor[] {
  const found: Ancestor[] = [];
  let above = shownDataset(state)?.info.subset_of?.dataset;
  while (above !== undefined && found.length < 100) {
    const entry = entryOf(state, above);
    if (!entry) break;
    found.unshift({ dataset: above, place: placeOf(entry), nPoints: entry.n_points });
    above = state.datasets[above]?.info.subset_of?.dataset;
  }
  return found;
}
