/** What the server has said of its log directory and its methods, as far as it has answered. */
import { type Entry, entryWithId, type Listing } from "../../model/data/listing";
import { findMethod, type Method } from "../../model/projection/method";
import { ready } from "../state/loadable";
import type { State } from "../state/state";

type Listed = Pick<State, "log">;

/** null while it is fetched, and where it could not be. */
export function listingOf({ log }: Listed): Listing | null {
  return ready(log.listing);
}

/** Whether the server still looks at the log directory, so that more entries follow. */
export function isLooking(state: Listed): boolean {
  return nSeen(state) !== null;
}

/** How many files the server has looked at, while it looks at others. */
export function nSeen(state: Listed): number | null {
  return listingOf(state)?.n_seen ?? null;
}

/** Whether the server refuses what others would see; not before it has said so. */
export function isReadOnly(state: Listed): boolean {
  return listingOf(state)?.read_only ?? false;
}

/** null before the declarations have come: the first projection does not wait for them. */
export function methodsOf({ log }: Listed): readonly Method[] | null {
  return ready(log.methods);
}

/** A method's declaration; null where there is no such method, or before the declarations. */
export function methodNamed(state: Listed, name: string): Method | null {
  return findMethod(methodsOf(state) ?? [], name);
}

/** null for a dataset that the listing does not have, or not any more. */
export function entryOf(state: Listed, dataset: string): Entry | null {
  const listing = listingOf(state);
  return listing && entryWithId(listing, dataset);
}
