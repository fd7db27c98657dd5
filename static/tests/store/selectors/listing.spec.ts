import { expect, it } from "vitest";
import { listingLoaded, methodsFailed, methodsLoaded } from "../../../src/store/actions/place";
import { listingOf, methodNamed, methodsOf } from "../../../src/store/selectors/listing";
import { INITIAL_STATE } from "../../../src/store/state/state";
import { listing, methods } from "../fixtures";

it("gives what has come, and null before", () => {
  expect(listingOf(INITIAL_STATE)).toBeNull();
  expect(methodsOf(INITIAL_STATE)).toBeNull();
  expect(methodNamed(INITIAL_STATE, "umap")).toBeNull();
  const state = methodsLoaded(methods)(listingLoaded(listing)(INITIAL_STATE));
  expect(listingOf(state)).toBe(listing);
  expect(methodsOf(state)).toBe(methods);
  expect(methodNamed(state, "umap")?.title).toBe("UMAP");
  expect(methodNamed(state, "no such method")).toBeNull();
  expect(methodsOf(methodsFailed("no answer")(state))).toBeNull();
});
