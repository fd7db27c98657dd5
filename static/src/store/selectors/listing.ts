/** What the log directory holds and which methods there are, as far as the server has said. */
import type { Entry, Listing } from "../../model/data/listing";
import { findMethod, type Method } from "../../model/projection/method";
import { ready } from "../state/loadable";
import type { State } from "../state/state";

type Listed = Pick<State, "log">;

const NO_METHODS: readonly Method[] = [];

/** null until it has come. */
export function listingOf({ log }: Listed): Listing | null {
  return ready(log.listing);
}

/** None until they have come. */
export function methodsOf({ log }: Listed): readonly Method[] {
  return ready(log.methods) ?? NO_METHODS;
}

export function methodNamed(state: Listed, name: string): Method | null {
  return findMethod(methodsOf(state), name);
}

/** null for a dataset that the listing does not have, or not any more. */
export function entryOf(state: Listed, dataset: string): Entry | null {
  return listingOf(state)?.entries.find(({ id }) => id === dataset) ?? null;
}
