/** What the server has said of its log directory and its methods, as far as it has answered. */
import type { Listing } from "../../model/data/listing";
import { findMethod, type Method } from "../../model/projection/method";
import type { State } from "../state/state";

/** null while it is fetched, and where it could not be. */
export function listingOf({ log: { listing } }: State): Listing | null {
  return listing.status === "ready" ? listing.value : null;
}

/** null before the declarations have come: the first projection does not wait for them. */
export function methodsOf({ log: { methods } }: State): readonly Method[] | null {
  return methods.status === "ready" ? methods.value : null;
}

/** A method's declaration; null where there is no such method, or before the declarations. */
export function methodNamed(state: State, name: string): Method | null {
  return findMethod(methodsOf(state) ?? [], name);
}
