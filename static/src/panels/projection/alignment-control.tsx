/** Whether steps are laid on one another, and what that took. */
import type { JSX } from "preact";
import { alignmentText, residualMeaning } from "../../model/projection/alignment";
import { setSetting } from "../../store/actions/view";
import { offersOrientation } from "../../store/selectors/alignment";
import { listingOf } from "../../store/selectors/listing";
import { finishedProjection } from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";

const HELP =
  "The next step's layout starts from this one and is laid on it by turning, mirroring, moving " +
  "and scaling it as a whole. What still moves has changed.";

export function Orientation(): JSX.Element | null {
  const store = useStore();
  const isOffered = useSelect(offersOrientation);
  const hasOthers = useSelect((state) => (listingOf(state)?.entries.length ?? 0) > 1);
  const keeps = useSelect(({ view }) => view.keepOrientation);
  if (!isOffered || !hasOthers) return null;
  return (
    <Checkbox
      name="Keep orientation between steps"
      isChecked={keeps}
      title={HELP}
      onChange={(isChecked) => store.dispatch(setSetting("keepOrientation", isChecked))}
    />
  );
}

/** What the alignment took away, for the picture on the screen. */
export function AlignmentNote(): JSX.Element | null {
  const alignment = useSelect((state) => finishedProjection(state)?.details.alignment ?? null);
  const isOpenMethod = useSelect(({ view, work }) => view.method === work.shown?.method);
  const name = useSelect(
    ({ quality, work }) => quality.references[work.shown?.projection ?? ""] ?? "another picture",
  );
  if (!alignment || !isOpenMethod) return null;
  return (
    <details class="advanced alignment">
      <summary>
        Laid on {name}: {alignmentText(alignment)}
      </summary>
      <p class="hint">
        The layout started from {name}; at the end it was turned, scaled and moved as a whole to lie
        on it, which changes no distance within the picture but its scale. The residual is what
        could not be laid on: 0 is the same shape, 1 no relation; this is{" "}
        {residualMeaning(alignment.residual)}.
      </p>
    </details>
  );
}
