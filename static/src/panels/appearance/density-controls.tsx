/** Controls for drawing points or their density. */
import type { JSX } from "preact";
import { SETTINGS } from "../../model/view/settings";
import { setSetting } from "../../store/actions/view";
import { drawnAs } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { ChoiceControl } from "../controls/setting-control";
import { Slider } from "../controls/slider";

export function DensityControls(): JSX.Element {
  const drawAs = useSelect(({ view }) => view.drawAs);
  const isDensity = useSelect(drawnAs) === "density";
  const canDrawDensity = useSelect(({ page }) => page.canDrawDensity);
  return (
    <>
      <ChoiceControl setting="drawAs" help={HELP} />
      {isDensity && <Smoothing />}
      {drawAs === "density" && !canDrawDensity && <p class="hint">{MISSING}</p>}
    </>
  );
}

const HELP =
  "Density shows where points overlap: average color, opacity by count (Shift D). " +
  "Auto uses it in 2D for 100,000 points or more.";
const MISSING =
  "This browser cannot draw densities (EXT_color_buffer_float is missing), so points are drawn.";

function Smoothing(): JSX.Element {
  const store = useStore();
  const smoothing = useSelect(({ view }) => view.smoothing);
  const { title, low, high, initial } = SETTINGS.smoothing;
  return (
    <Slider
      name={title}
      // Equal ways on the slider are equal factors, as far as to nothing.
      value={Math.sqrt(smoothing)}
      low={Math.sqrt(low)}
      high={Math.sqrt(high)}
      step={0.05}
      normal={Math.sqrt(initial)}
      format={(value) => `${(value * value).toFixed(1)} px`}
      onChange={(value) =>
        store.dispatch(setSetting("smoothing", Number((value * value).toFixed(2))))
      }
    />
  );
}
