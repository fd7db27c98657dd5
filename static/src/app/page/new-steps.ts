/** Hears what a training writes: new steps, rewritten files, deleted ones. */
import { effect, untracked } from "@preact/signals";
import { type Listing, placeOf } from "../../model/data/listing";
import { newestStep, rewritten } from "../../model/data/listing-changes";
import { entriesRewritten, follow, newStepsSeen, stepArrived } from "../../store/actions/new-steps";
import { wantedDatasetId } from "../../store/selectors/request";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";
import type { ProjectionLoader } from "../view/projection-loader";

const FOLLOW = "follow-newest-step";

export function startNewSteps(store: Store, pictures: ProjectionLoader): () => void {
  store.dispatch(follow(recall(FOLLOW) !== null));
  const listing = store.select(({ log }) =>
    log.listing.status === "ready" ? log.listing.value : null,
  );
  const isFollowing = store.select(({ news }) => news.isFollowing);
  const place = store.select(({ view }) => view.place);
  let before: Listing | null = null;

  const stops = [
    effect(() => {
      const now = listing.value;
      if (now && before && now !== before) {
        const old = before;
        untracked(() => compare(old, now));
      }
      before = now;
    }),
    effect(() => {
      remember(FOLLOW, isFollowing.value ? "1" : null);
    }),
    effect(() => {
      // News of another tensor, or of the step that is looked at, are none.
      const here = place.value;
      untracked(() => {
        const { newest } = store.state.peek().news;
        const isStill = newest && here?.run === newest.run && here.name === newest.name;
        if (newest && (!isStill || here.step === newest.step)) store.dispatch(newStepsSeen());
      });
    }),
  ];

  function compare(old: Listing, now: Listing): void {
    const changed = rewritten(old, now);
    const wanted = wantedDatasetId(store.state.peek());
    if (changed.length > 0) {
      store.dispatch(entriesRewritten(changed));
      // The request reads the same as before, so nothing else would ask again.
      if (wanted !== null && changed.includes(wanted)) pictures.retry();
    }
    const here = place.peek();
    const newest = here && newestStep(old, now, here);
    if (newest) store.dispatch(stepArrived(placeOf(newest)));
  }

  return () => {
    for (const stop of stops) stop();
  };
}
