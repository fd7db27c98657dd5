/** The call in Python that gives what is on the screen; null while nothing is. */
import { withoutDefaults } from "../../model/projection/method";
import { pythonCall } from "../../model/projection/python-call";
import type { State } from "../state/state";
import { listingOf, methodNamed } from "./listing";
import { shownDataset } from "./shown";

/** Where the listing says so, the data was never in a file. */
const IN_MEMORY = "in memory";

export function shownPython(state: State): string | null {
  const { shown } = state.work;
  const listing = listingOf(state);
  const info = shownDataset(state)?.info;
  if (!shown || !listing || !info) return null;
  const projection = state.work.projections[shown.projection];
  const method = methodNamed(state, shown.method);
  const params = withoutDefaults(method, projection?.params ?? shown.params);
  const notes = [
    ...(projection?.details.alignment
      ? ["The page aligned this to another step: see align_to."]
      : []),
    ...(state.quality.modified[shown.projection] ? ["It was changed while it ran."] : []),
    ...(info.subset_of
      ? ["A part of another dataset: take its rows as a Dataset of their own."]
      : []),
  ];
  return pythonCall({
    root: listing.root === IN_MEMORY || info.subset_of ? null : listing.root,
    run: info.run,
    name: info.name,
    step: info.step,
    method: shown.method,
    params,
    dims: shown.positions.dims,
    components: shown.components,
    together: projection?.series?.step ?? null,
    notes,
  });
}
