/** Goes from place to place in the listing: run, tensor, step. Settings stay. */

import {
  type Entry,
  entryAt,
  type Listing,
  nearestEntry,
  neighborStep,
  type Place,
  placeOf,
} from "../../model/data/listing";
import { FIRST_METHOD, type Method } from "../../model/projection/method";
import { firstRequest, isFirstRequest, openedWith } from "../../model/view/default-request";
import type { View } from "../../model/view/view";
import { listingOf } from "../selectors/listing";
import type { State } from "../state/state";
import type { ViewId } from "../state/view-id";
import { type Action, inView, type RootAction } from "../store";

/**
 * Take a listing, new or newer. The place stays if it still exists or is on the screen; `wanted`
 * says where a link pointed, `isOpen` that it named no projection. While the server still looks,
 * what a link names may be found yet.
 */
export function listingLoaded(
  listing: Listing,
  wanted: Partial<Place> = {},
  isOpen = false,
): Action {
  return (state) => {
    const { place } = state.view;
    const stays = place && (state.work.shown || entryAt(listing, place)) ? place : null;
    const nearest = nearestEntry(listing, place ?? wanted);
    const entry = nearest && isMeant(listing, nearest, place ?? wanted) ? nearest : null;
    const kept = listing.n_seen === null ? null : place;
    const view = { ...state.view, place: stays ?? (entry ? placeOf(entry) : kept) };
    return {
      ...state,
      log: { ...state.log, listing: { status: "ready", value: listing } },
      view: isOpen && !place && entry ? openedWith(view, firstRequest(entry.n_dims)) : view,
    };
  };
}

/** Whether an entry is what was wanted, and not only what comes nearest so far. */
function isMeant(listing: Listing, entry: Entry, { run, name, step }: Partial<Place>): boolean {
  if (listing.n_seen === null) return true;
  return (
    (run ?? entry.run) === entry.run &&
    (name ?? entry.name) === entry.name &&
    (step ?? entry.step) === entry.step
  );
}

/** Where a link pointed in a view, and whether it named no projection. */
export interface Opened {
  readonly place: Partial<Place>;
  readonly isOpen: boolean;
}

/** Take a listing in all views. */
export function listingTaken(
  listing: Listing,
  opened: Readonly<Record<ViewId, Opened>> = {},
): RootAction {
  return {
    inRoot: (root) =>
      root.order.reduce((before, id) => {
        const { place, isOpen } = opened[id] ?? {};
        return inView(id, listingLoaded(listing, place, isOpen)).inRoot(before);
      }, root),
  };
}

export function listingFailed(message: string): Action {
  return (state) =>
    // An older listing is of more use than the message that a newer one could not be loaded.
    listingOf(state)
      ? state
      : { ...state, log: { ...state.log, listing: { status: "failed", message } } };
}

export function methodsLoaded(methods: readonly Method[]): Action {
  return (state) => ({
    ...state,
    log: { ...state.log, methods: { status: "ready", value: methods } },
  });
}

export function methodsFailed(message: string): Action {
  return (state) => ({ ...state, log: { ...state.log, methods: { status: "failed", message } } });
}

export function goTo(place: Place): Action {
  return (state) => ({ ...state, view: { ...state.view, place } });
}

/** Open what has just come. */
export function openAnew(entry: Entry): Action {
  return (state) => {
    const view = { ...state.view, place: placeOf(entry) };
    const first = firstRequest(entry.n_dims);
    // Otherwise with the settings of the first method.
    return { ...state, view: first.method === FIRST_METHOD ? view : openedWith(view, first) };
  };
}

/** A projection that was left at its default is followed by the default one of the next place. */
function goOnTo(place: Place): Action {
  return (state) => {
    const listing = listingOf(state);
    const from = listing && state.view.place && entryAt(listing, state.view.place);
    const to = listing && entryAt(listing, place);
    const view = { ...state.view, place };
    const isLeft = from && to && isFirstRequest(state.view.request, from.n_dims);
    return { ...state, view: isLeft ? openedWith(view, firstRequest(to.n_dims)) : view };
  };
}

/** A view of another place with the settings of this one. */
export function viewAt(state: State, place: Place): View {
  return goOnTo(place)(state).view;
}

/** The same tensor and step in another run, or what comes nearest to it. */
export function goToRun(run: string): Action {
  return goToNearest((place) => ({ run, name: place.name, ...stepOf(place) }));
}

export function goToTensor(name: string): Action {
  return goToNearest((place) => ({ run: place.run, name, ...stepOf(place) }));
}

export function goToStep(step: number | null): Action {
  return (state) =>
    state.view.place ? goOnTo({ ...state.view.place, step })(seeingSteps(state)) : state;
}

/** One step on (+1) or back (-1); nothing at the ends. */
export function moveStep(offset: number): Action {
  return (state) => {
    const { place } = state.view;
    const listing = listingOf(state);
    const entry = place && listing ? neighborStep(listing, place, offset) : null;
    return entry ? goOnTo(placeOf(entry))(seeingSteps(state)) : state;
  };
}

/** Who goes from step to step compares them. */
function seeingSteps(state: State): State {
  if (state.view.stepLayout !== "auto") return state;
  return { ...state, view: { ...state.view, stepLayout: "together" } };
}

function goToNearest(wanted: (place: Place) => Partial<Place>): Action {
  return (state) => {
    const { place } = state.view;
    const listing = listingOf(state);
    const entry: Entry | null = place && listing ? nearestEntry(listing, wanted(place)) : null;
    return entry ? goOnTo(placeOf(entry))(state) : state;
  };
}

function stepOf(place: Place): { step?: number } {
  return place.step === null ? {} : { step: place.step };
}
