/** Whether two projections are pictures of the same thing: then the camera among one fits the other. */
import { isEqual } from "../../model/data/equality";
import type { Shown, State } from "../state/state";
import { entryOf } from "./listing";

/**
 * A step later, the same tensor in the same layout: what was looked at is still there. Another run,
 * method, parameter or axis has its points elsewhere.
 */
export function isSamePicture(state: State, before: Shown, after: Shown): boolean {
  if (before.projection === after.projection && isEqual(axesOf(before), axesOf(after))) return true;
  return (
    tensorOf(state, before.dataset) === tensorOf(state, after.dataset) &&
    before.method === after.method &&
    before.positions.dims === after.positions.dims &&
    isEqual(axesOf(before), axesOf(after)) &&
    // What was changed while it runs goes on from where its points stand.
    (isEqual(before.params, after.params) || isFollowed(state, after))
  );
}

function tensorOf(state: State, dataset: string): string {
  const known = entryOf(state, dataset) ?? state.datasets[dataset]?.info;
  return known ? `${known.run}\u0000${known.name}` : dataset;
}

/** Frames on their way have the first components and do not say so. */
function axesOf({ components, positions }: Shown): readonly number[] {
  return components ?? [0, 1, 2].slice(0, positions.dims);
}

function isFollowed(state: State, { projection }: Shown): boolean {
  return state.quality.modified[projection] !== undefined;
}
