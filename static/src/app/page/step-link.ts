/** Lets views of other runs go along to the same step, or as far through the training. */
import { effect, untracked } from "@preact/signals";
import type { Place } from "../../model/data/listing";
import { stepsOf } from "../../model/data/listing-changes";
import { linkedStep } from "../../model/data/step-link";
import { goToStep } from "../../store/actions/place";
import { viewsAlong } from "../../store/selectors/views";
import { ready } from "../../store/state/loadable";
import type { RootState } from "../../store/state/root-state";
import { type RootStore, scope } from "../../store/store";

export function startStepLink(root: RootStore): () => void {
  let before = root.state.peek();
  return effect(() => {
    const now = root.state.value;
    const last = before;
    before = now;
    untracked(() => follow(root, last, now));
  });
}

function follow(root: RootStore, before: RootState, now: RootState): void {
  const id = now.active;
  const [from, to] = [placeIn(before, id), placeIn(now, id)];
  const isStep = from?.run === to?.run && from?.name === to?.name && from?.step !== to?.step;
  const listing = ready(now.page.log.listing);
  if (!isStep || !to || to.step === null || !listing || before.active !== id) return;
  for (const other of viewsAlong(now, id)) {
    const place = placeIn(now, other);
    // A link or a bookmark that was opened has said already where each view is.
    if (!place || place !== placeIn(before, other)) continue;
    const { stepLink } = now.page.page;
    const step = linkedStep(to.step, stepsOf(listing, to), stepsOf(listing, place), stepLink);
    if (step !== null && step !== place.step) scope(root, other).dispatch(goToStep(step));
  }
}

function placeIn({ views }: RootState, id: string): Place | null {
  return views[id]?.view.place ?? null;
}
