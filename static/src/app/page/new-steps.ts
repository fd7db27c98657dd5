/** Follows changes of the listing: new steps, rewritten files. */
import { effect, untracked } from "@preact/signals";
import { type Listing, placeOf } from "../../model/data/listing";
import { newestStep, rewritten } from "../../model/data/listing-changes";
import { entriesRewritten, follow, newStepsSeen, stepArrived } from "../../store/actions/new-steps";
import { listingOf } from "../../store/selectors/listing";
import { requestedDatasetId, requestedProjection } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import { activeScope, inView, type RootStore, viewStates } from "../../store/store";
import { recall, remember } from "../browser/storage";
import type { Retry } from "./server-events";

const FOLLOW = "follow-newest-step";

export function startNewSteps(root: RootStore, retry: Retry): () => void {
  const store = activeScope(root);
  store.dispatch(follow(recall(FOLLOW) !== null));
  const listing = store.select(listingOf);
  const isFollowing = store.select(({ newSteps }) => newSteps.isFollowing);
  const views = viewStates(root);
  let before: Listing | null = null;

  function compare(old: Listing, now: Listing): void {
    const changed = rewritten(old, now);
    const isChanged = (id: string) => changed.includes(id);
    const states = [...views.peek()];
    // What is laid out together with a rewritten step is another layout, too.
    const again = states.filter(([, state]) => {
      const steps = requestedProjection(state)?.series?.datasets ?? [];
      return [requestedDatasetId(state) ?? "", ...steps].some(isChanged);
    });
    if (changed.length > 0) store.dispatch(entriesRewritten(changed));
    // The request reads the same as before, so nothing else would ask again.
    for (const [view] of again) retry(view);
    for (const [view, state] of states) {
      const { place } = state.view;
      // What is found by and by is not new.
      const newest = place && old.n_seen === null && newestStep(old, now, place);
      if (newest) root.dispatch(inView(view, stepArrived(placeOf(newest))));
    }
  }

  const stops = [
    effect(() => {
      const now = listing.value;
      const old = before;
      before = now;
      if (now && old && now !== old) untracked(() => compare(old, now));
    }),
    effect(() => {
      remember(FOLLOW, isFollowing.value ? "1" : null);
    }),
    effect(() => {
      const states = [...views.value];
      untracked(() => {
        for (const [view, state] of states) {
          if (isPast(state)) root.dispatch(inView(view, newStepsSeen()));
        }
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A new step of another tensor than the view shows, or the one it shows, is none. */
function isPast({ newSteps: { newest }, view: { place } }: State): boolean {
  if (!newest) return false;
  const isStill = place?.run === newest.run && place.name === newest.name;
  return !isStill || place.step === newest.step;
}
