/** Above the timeline: what motion from step to step means, and the trails of what changed. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { count } from "../../model/text/format";
import { setSetting } from "../../store/actions/view";
import {
  awaitedStep,
  fadedText,
  showsTrails,
  stepMotion,
  trailsText,
} from "../../store/selectors/step-motion";
import { isTogether } from "../../store/selectors/together";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Icon } from "../controls/icon";

const MEANING = "step-motion-meaning";
const TRAILS =
  "Lines from where points were at the step before, for those that kept at most 40 % of their " +
  "neighbors, and the way of selected points through all steps";

export function StepMotion(): JSX.Element {
  const store = useStore();
  const { text, meaning, isCaution } = useSelect(stepMotion, [], isEqual);
  const awaited = useSelect(awaitedStep);
  const hasTrails = useSelect(isTogether);
  const isOn = useSelect(showsTrails);
  const said = useSelect(trailsText);
  const faded = useSelect(fadedText);
  useEffect(() => {
    if (isOn) store.request({ kind: "draw-trails" });
  }, [isOn, store]);
  return (
    <section class="step-motion" aria-label="Motion of the steps">
      <p
        role="status"
        class={isCaution ? "step-motion-said is-caution" : "step-motion-said"}
        title={meaning}
        {...(meaning && { "aria-describedby": MEANING })}
      >
        {isCaution && <Icon name="warning" />}
        <span>{awaited === null ? text + faded : `Waiting for step ${count(awaited)}`}</span>
      </p>
      <span id={MEANING} class="visually-hidden">
        {meaning}
      </span>
      {hasTrails && (
        <div class="step-motion-trails">
          {isOn && said && <span class="hint">{said}</span>}
          <Checkbox
            name="Trails"
            title={TRAILS}
            isChecked={isOn}
            onChange={(isChecked) => store.dispatch(setSetting("trails", isChecked ? "on" : "off"))}
          />
        </div>
      )}
    </section>
  );
}
