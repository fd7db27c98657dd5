/** The shown step and the way to the others; a label where a tensor has only one. */
import type { JSX } from "preact";
import { tensorsOf } from "../../model/data/listing";
import { count } from "../../model/text/format";
import { moveStep } from "../../store/actions/place";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { FollowButton, NewStep } from "./new-step";
import { PlayButton } from "./play-button";

export function StepControl(): JSX.Element | null {
  const store = useStore();
  const listing = useSelect(listingOf);
  const place = useSelect(({ view }) => view.place);
  if (!listing || !place) return null;
  const tensor = tensorsOf(listing, place.run).find(({ name }) => name === place.name);
  const steps = tensor?.steps ?? [];
  const at = steps.findIndex(({ step }) => step === place.step);
  const label = place.step === null ? null : `step ${count(place.step)}`;
  if (steps.length < 2) return label ? <span class="step-label">{label}</span> : null;
  const widest = Math.max(...steps.map(({ step }) => count(step ?? 0).length));
  return (
    <fieldset class="step" aria-label="Training step">
      <IconButton
        icon="chevronLeft"
        name="Previous step"
        shortcut="["
        isDisabled={at === 0}
        onPress={() => store.dispatch(moveStep(-1))}
      />
      <IconButton
        icon="chevronRight"
        name="Next step"
        shortcut="]"
        isDisabled={at >= steps.length - 1}
        onPress={() => store.dispatch(moveStep(1))}
      />
      <output class="step-label" style={{ minWidth: `${widest + 5}ch` }}>
        {label}
      </output>
      <PlayButton />
      <FollowButton />
      <NewStep />
    </fieldset>
  );
}
