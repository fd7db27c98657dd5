/** The components that a method kept: how much variance each explains, and which are the axes. */
import type { JSX } from "preact";
import { explainedVariance, fitComponents } from "../../model/projection/projection";
import { percent } from "../../model/text/format";
import { setComponent } from "../../store/actions/projection";
import { requestedProjection } from "../../store/selectors/request";
import { useSelect, useStore } from "../context";
import { Select } from "../controls/select";

const AXES = ["X", "Y", "Z"];
/** Bars of the scree chart: enough to see where the curve bends. */
const N_BARS = 16;

export function Components(): JSX.Element | null {
  const projection = useSelect((state) => {
    const found = requestedProjection(state);
    return found?.method === state.view.method ? found : null;
  });
  const chosen = useSelect(({ view }) => view.components);
  const dims = useSelect(({ view }) => view.dims);
  const ratios = explainedVariance(projection);
  if (!projection || projection.n_kept < 1 || ratios.length === 0) return null;
  const axes = fitComponents(chosen, dims, projection.n_kept);
  const shown = axes.reduce((sum, each) => sum + (ratios[each] ?? 0), 0);
  return (
    <fieldset class="stack" aria-label="Components">
      <Scree ratios={ratios} axes={axes} />
      <div class={axes.length > 2 ? "axes is-deep" : "axes"}>
        {axes.map((component, axis) => (
          <AxisChoice
            key={AXES[axis]}
            axis={axis}
            component={component}
            ratios={ratios.slice(0, projection.n_kept)}
          />
        ))}
      </div>
      <p class="hint">
        <span class="number">{percent(shown)}</span> of the variance is shown
      </p>
    </fieldset>
  );
}

interface AxisChoiceProps {
  readonly axis: number;
  readonly component: number;
  readonly ratios: readonly number[];
}

function AxisChoice({ axis, component, ratios }: AxisChoiceProps): JSX.Element {
  const store = useStore();
  return (
    <Select
      name={AXES[axis] ?? ""}
      value={String(component)}
      onChange={(next) => store.dispatch(setComponent(axis, Number(next)))}
    >
      {ratios.map((ratio, index) => (
        <option key={ratio} value={String(index)}>
          {`${index + 1} · ${percent(ratio)}`}
        </option>
      ))}
    </Select>
  );
}

interface ScreeProps {
  readonly ratios: readonly number[];
  readonly axes: readonly number[];
}

/** Bars relative to the first, because the shape matters; the numbers are in the choices below. */
function Scree({ ratios, axes }: ScreeProps): JSX.Element {
  const bars = ratios.slice(0, N_BARS);
  const highest = Math.max(...bars, 1e-9);
  const first = bars.map(percent).slice(0, 3).join(", ");
  return (
    <div
      class="scree"
      role="img"
      aria-label={`Explained variance of ${bars.length} components: ${first}${bars.length > 3 ? ", …" : ""}`}
    >
      {bars.map((ratio, index) => (
        <span
          key={index}
          class={axes.includes(index) ? "scree-bar is-axis" : "scree-bar"}
          title={`Component ${index + 1}: ${percent(ratio)}`}
          style={{ height: `${Math.max(2, (ratio / highest) * 100)}%` }}
        />
      ))}
    </div>
  );
}
