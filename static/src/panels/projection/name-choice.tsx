/** One of some names as a parameter; or none of them, where the parameter allows it. */
import type { JSX } from "preact";
import type { Parameter, ParameterValue } from "../../model/projection/method";
import { Select } from "../controls/select";

export interface ChoiceControlProps {
  readonly parameter: Parameter;
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}

export interface NameChoiceProps extends ChoiceControlProps {
  readonly names: readonly string[];
}

/** What is set stays on offer, though there is no such name here. */
export function NameChoice({ parameter, value, names, onChange }: NameChoiceProps): JSX.Element {
  const chosen = value === null ? "" : String(value);
  const offered = chosen === "" || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <Select
      name={parameter.name}
      value={chosen}
      title={parameter.help}
      onChange={(next) => onChange(next === "" ? null : next)}
    >
      {parameter.default === null && <option value="">{parameter.unset}</option>}
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
