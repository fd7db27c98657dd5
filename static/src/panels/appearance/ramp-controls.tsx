/** How numbers become colors: along their size, logarithm or rank; in one direction or two. */
import type { JSX } from "preact";
import type { RampKind, RampTransform } from "../../model/color/color-style";
import { setRamp } from "../../store/actions/view";
import { colorColumn, colorScale, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Select } from "../controls/select";

const TRANSFORMS: readonly (readonly [RampTransform, string])[] = [
  ["linear", "Linear"],
  ["log", "Logarithmic"],
  ["quantile", "Quantiles"],
];
const KINDS: readonly (readonly [RampKind, string])[] = [
  ["auto", "Automatic"],
  ["sequential", "Sequential"],
  ["diverging", "Diverging"],
];

export function RampControls(): JSX.Element | null {
  const store = useStore();
  const isRamp = useSelect((state) => {
    const data = shownDataset(state);
    const column = data && colorColumn(state, data);
    return column !== null && colorScale(state, column) === "numeric";
  });
  const ramp = useSelect(({ view }) => view.ramp);
  if (!isRamp) return null;
  return (
    <>
      <Select
        name="Scale"
        value={ramp.transform}
        onChange={(value) => {
          const found = TRANSFORMS.find(([each]) => each === value);
          if (found) store.dispatch(setRamp({ transform: found[0] }));
        }}
      >
        {TRANSFORMS.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </Select>
      <Select
        name="Ramp"
        value={ramp.kind}
        onChange={(value) => {
          const found = KINDS.find(([each]) => each === value);
          if (found) store.dispatch(setRamp({ kind: found[0] }));
        }}
      >
        {KINDS.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </Select>
    </>
  );
}
