/** Whether steps are laid out together or aligned to one another, and what that changed. */
import type { JSX } from "preact";
import { alignmentText, residualMeaning } from "../../model/projection/alignment";
import { percent } from "../../model/text/format";
import { setSetting } from "../../store/actions/view";
import { offersOrientation } from "../../store/selectors/alignment";
import { listingOf } from "../../store/selectors/listing";
import { finishedProjection } from "../../store/selectors/quality";
import {
  isTogether,
  meansTogether,
  offersTogether,
  togetherProblem,
} from "../../store/selectors/together";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";

const HELP =
  "The layout of the next step starts from this one and is aligned to it: rotated, mirrored, " +
  "scaled and moved as a whole. Any motion that remains is real change.";

const TOGETHER =
  "All steps are laid out at once, and each point is held in place as far as it keeps its " +
  "neighbors. What moves from step to step has changed, and a step is the same however one comes " +
  "to it. It takes as long as all steps one after the other.";

/** How a step is laid out beside the others. */
export function StepLayout(): JSX.Element {
  return (
    <>
      <StepsTogether />
      <Orientation />
    </>
  );
}

/** Whether all steps of the tensor are one layout; where they cannot be, why. */
export function StepsTogether(): JSX.Element | null {
  const store = useStore();
  const isOffered = useSelect(offersTogether);
  const isMeant = useSelect(meansTogether);
  const problem = useSelect(togetherProblem);
  if (!isOffered) return null;
  return (
    <>
      <Checkbox
        name="Lay out all steps together"
        isChecked={isMeant && problem === ""}
        isDisabled={problem !== ""}
        title={TOGETHER}
        onChange={(isChecked) =>
          store.dispatch(setSetting("stepLayout", isChecked ? "together" : "alone"))
        }
      />
      {problem !== "" && <p class="hint">The steps are laid out one by one: {problem}.</p>}
      <SharedAxes />
    </>
  );
}

/** Axes that are common to all steps explain less of each than its own would. */
function SharedAxes(): JSX.Element | null {
  const share = useSelect((state) => finishedProjection(state)?.series?.result?.share ?? null);
  const n = useSelect((state) => finishedProjection(state)?.series?.datasets.length ?? 0);
  if (share === null) return null;
  return (
    <p class="hint">
      The axes are directions common to <span class="number">{n}</span> steps; they show{" "}
      <span class="number">{percent(share)}</span> of this step's variance.
    </p>
  );
}

export function Orientation(): JSX.Element | null {
  const store = useStore();
  const isOffered = useSelect((state) => offersOrientation(state) && !isTogether(state));
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
