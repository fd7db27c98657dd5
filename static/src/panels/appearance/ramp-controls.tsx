/** Controls for how numbers become colors: the scale of the ramp, and one direction or two. */
import type { JSX } from "preact";
import { RAMP_KINDS, RAMP_TRANSFORMS } from "../../model/color/ramp";
import { setRamp } from "../../store/actions/view";
import { colorColumn, colorScale, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Select } from "../controls/select";

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
          const found = RAMP_TRANSFORMS.find((each) => each.value === value);
          if (found) store.dispatch(setRamp({ transform: found.value }));
        }}
      >
        {options(RAMP_TRANSFORMS)}
      </Select>
      <Select
        name="Ramp"
        value={ramp.kind}
        onChange={(value) => {
          const found = RAMP_KINDS.find((each) => each.value === value);
          if (found) store.dispatch(setRamp({ kind: found.value }));
        }}
      >
        {options(RAMP_KINDS)}
      </Select>
    </>
  );
}

function options(choices: readonly { readonly value: string; readonly title: string }[]) {
  return choices.map(({ value, title }) => (
    <option key={value} value={value}>
      {title}
    </option>
  ));
}
