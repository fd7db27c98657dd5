/** Of which steps the wanted projection is ready, being computed, or not asked for yet. */

import { tensorsOf } from "../../model/data/listing";
import { isWorking } from "../../model/data/work";

import type { State } from "../state/state";
import { listingOf } from "./listing";
import { plainKeyOf, workKey } from "./request";

export type StepState = "ready" | "computing" | "not yet";

/** In the order of the tensor's steps. */
export function stepStates(state: State): readonly StepState[] {
  const listing = listingOf(state);
  const { place, request } = state.view;
  if (!listing || !place) return [];
  // Steps that are laid out together are one work, and any of them says how far it is.
  const works = new Map(Object.entries(state.work.answers).map(([key, id]) => [workKey(key), id]));
  const tensor = tensorsOf(listing, place.run).find(({ name }) => name === place.name);
  return (tensor?.steps ?? [])
    .filter(({ step }) => step !== null)
    .map(({ id }) => {
      const key = workKey(plainKeyOf(state, request, id));
      const answer = works.get(key);
      const projection = answer === undefined ? null : state.work.projections[answer];
      if (!projection) return "not yet";
      return isWorking(projection) ? "computing" : "ready";
    });
}
