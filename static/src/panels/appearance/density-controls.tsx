/** Whether each point is drawn by itself, or how densely they lie. */
import type { JSX } from "preact";
import { MOST_SMOOTHING, USUAL_SMOOTHING } from "../../model/view/view";
import { setDrawAs, setSmoothing } from "../../store/actions/view";
import { drawnAs } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Segmented } from "../controls/segmented";
import { Slider } from "../controls/slider";

export function DensityControls(): JSX.Element {
  const store = useStore();
  const drawAs = useSelect(({ view }) => view.drawAs);
  const isDensity = useSelect(drawnAs) === "density";
  const canDrawDensity = useSelect(({ page }) => page.canDrawDensity);
  return (
    <>
      <div class="field" title={HELP}>
        <span class="field-name">Draw as</span>
        <Segmented
          name="Draw as"
          value={drawAs}
          choices={[
            { value: "auto", title: "Auto" },
            { value: "points", title: "Points" },
            { value: "density", title: "Density" },
          ]}
          onChange={(next) => store.dispatch(setDrawAs(next))}
        />
      </div>
      {isDensity && <Smoothing />}
      {drawAs === "density" && !canDrawDensity && <p class="hint">{MISSING}</p>}
    </>
  );
}

const HELP =
  "Density adds up what lies on each other: the color is the mean, the opacity tells how much " +
  "(Shift D). Auto does so for 100,000 points and more in 2D.";
const MISSING =
  "This browser can not add up numbers in a picture (EXT_color_buffer_float), so points are drawn.";

function Smoothing(): JSX.Element {
  const store = useStore();
  const smoothing = useSelect(({ view }) => view.smoothing);
  return (
    <Slider
      name="Smoothing"
      // Equal ways on the slider are equal factors, as far as to nothing.
      value={Math.sqrt(smoothing)}
      low={0}
      high={Math.sqrt(MOST_SMOOTHING)}
      step={0.05}
      normal={Math.sqrt(USUAL_SMOOTHING)}
      format={(value) => `${(value * value).toFixed(1)} px`}
      onChange={(value) => store.dispatch(setSmoothing(Number((value * value).toFixed(2))))}
    />
  );
}
