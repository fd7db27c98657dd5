/** Whether steps are aligned to one another, and what the alignment changed. */
import type { JSX } from "preact";
import { alignmentText, residualMeaning } from "../../model/projection/alignment";
import { setSetting } from "../../store/actions/view";
import { offersOrientation } from "../../store/selectors/alignment";
import { listingOf } from "../../store/selectors/listing";
import { finishedProjection } from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";

const HELP =
  "The layout of the next step starts from this one and is aligned to it: rotated, mirrored, " +
  "scaled and moved as a whole. Any motion that remains is real change.";

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

/** What the alignment changed, for the projection on the screen. */
export function AlignmentNote(): JSX.Element | null {
  const alignment = useSelect((state) => finishedProjection(state)?.details.alignment ?? null);
  const isOpenMethod = useSelect(({ view, work }) => view.method === work.shown?.method);
  const name = useSelect(
    ({ quality, work }) => quality.references[work.shown?.projection ?? ""] ?? "another projection",
  );
  if (!alignment || !isOpenMethod) return null;
  return (
    <details class="advanced alignment">
      <summary>
        Aligned to {name}: {alignmentText(alignment)}
      </summary>
      <p class="hint">
        The layout started from {name}. The result was aligned (rotation, mirroring, scaling,
        translation), which preserves relative distances. The residual is the difference that
        remains: 0 is the same shape, 1 is unrelated. These two are{" "}
        {residualMeaning(alignment.residual)}.
      </p>
    </details>
  );
}
