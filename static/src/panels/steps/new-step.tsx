/** A step that was just written, following new steps, and the banner for a deleted one. */
import type { JSX } from "preact";
import { nearestEntry, placeOf } from "../../model/data/listing";
import { count } from "../../model/text/format";
import { follow, goToNewStep } from "../../store/actions/new-steps";
import { goTo } from "../../store/actions/place";
import { isPlaceGone } from "../../store/selectors/companions";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

/** "New step 3,000": quiet, and a way there. */
export function NewStep(): JSX.Element | null {
  const store = useStore();
  const newest = useSelect(({ newSteps }) => newSteps.newest);
  if (!newest || newest.step === null) return null;
  return (
    <button type="button" class="new-step" onClick={() => store.dispatch(goToNewStep(newest))}>
      New step <span class="number">{count(newest.step)}</span>
    </button>
  );
}

export function FollowButton(): JSX.Element {
  const store = useStore();
  const isFollowing = useSelect(({ newSteps }) => newSteps.isFollowing);
  return (
    <IconButton
      icon="follow"
      name="Follow the newest step"
      isPressed={isFollowing}
      onPress={() => store.dispatch(follow(!isFollowing))}
    />
  );
}

/** Shown when the step on the screen was deleted from the log directory. */
export function GoneBanner(): JSX.Element | null {
  return useSelect(isPlaceGone) ? <Gone /> : null;
}

function Gone(): JSX.Element | null {
  const store = useStore();
  const place = useSelect(({ view }) => view.place);
  const next = useSelect((state) => {
    const listing = listingOf(state);
    return listing && state.view.place ? nearestEntry(listing, state.view.place) : null;
  });
  if (!place) return null;
  const step = place.step === null ? "" : `, step ${count(place.step)},`;
  return (
    <div class="banner is-gone" role="status">
      <Icon name="warning" />
      <span>
        {place.name}
        {step} was deleted. The last projection is still shown.
      </span>
      {next && (
        <button type="button" class="link" onClick={() => store.dispatch(goTo(placeOf(next)))}>
          Go to the nearest step
        </button>
      )}
    </div>
  );
}
