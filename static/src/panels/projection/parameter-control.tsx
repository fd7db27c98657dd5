/** One parameter of a method as a control, made from its declaration. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import {
  checkText,
  currentValue,
  fromSlider,
  hasSlider,
  type Parameter,
  type ParameterValue,
  SLIDER_STEPS,
  toSlider,
} from "../../model/projection/method";
import { isPointSet, isPreprocessing } from "../../model/projection/parameter-form";
import { N_LANDMARKS } from "../../model/projection/supervision";
import { setParameter } from "../../store/actions/projection";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Select } from "../controls/select";
import { PointSetControl } from "./axis-end-control";

interface ParameterProps {
  readonly parameter: Parameter;
}

export function ParameterControl({ parameter }: ParameterProps): JSX.Element {
  const store = useStore();
  const value = useSelect(
    ({ view }) => currentValue(parameter, view.drafts[view.method] ?? {}),
    [parameter],
  );
  const set = (next: ParameterValue) => store.dispatch(setParameter(parameter.name, next));
  if (parameter.kind === "bool") {
    return (
      <Checkbox
        name={parameter.name}
        isChecked={value === true}
        title={parameter.help}
        onChange={set}
      />
    );
  }
  if (parameter.kind === "choice") {
    return (
      <Select name={parameter.name} value={String(value)} title={parameter.help} onChange={set}>
        {parameter.choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </Select>
    );
  }
  if (isPointSet(parameter)) return <PointSetControl parameter={parameter} />;
  return <ValueField parameter={parameter} value={value} onChange={set} />;
}

interface ValueFieldProps extends ParameterProps {
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}

/** A field that takes any allowed value and, where both ends are known, a slider beside it. */
function ValueField({ parameter, value, onChange }: ValueFieldProps): JSX.Element {
  const id = useId();
  // What is being typed need not be a value yet: "0." on the way to "0.5".
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === null ? "" : String(value));
  const checked = checkText(parameter, shown);
  const problem = "message" in checked ? checked.message : null;
  const commit = (text: string) => {
    setTyped(text);
    const result = checkText(parameter, text);
    if ("value" in result) onChange(result.value);
  };
  return (
    <div class="field is-parameter" title={parameter.help}>
      <label class="field-name" for={id}>
        {parameter.name}
      </label>
      <div class="value-field">
        {hasSlider(parameter) && !parameter.advanced && (
          <input
            type="range"
            min={0}
            max={SLIDER_STEPS}
            step={1}
            value={typeof value === "number" ? toSlider(parameter, value) : 0}
            aria-label={`${parameter.name} slider`}
            aria-valuetext={value === null ? "automatic" : String(value)}
            onInput={(event) => {
              setTyped(null);
              onChange(fromSlider(parameter, Number(event.currentTarget.value)));
            }}
          />
        )}
        <input
          id={id}
          type="text"
          class="input number"
          inputMode={parameter.kind === "text" ? "text" : "decimal"}
          autoComplete="off"
          placeholder={parameter.default === null ? unsetText(parameter) : ""}
          value={shown}
          aria-invalid={problem !== null}
          {...(problem && { "aria-describedby": `${id}-problem` })}
          onInput={(event) => commit(event.currentTarget.value)}
          onBlur={() => setTyped(null)}
        />
      </div>
      {problem && (
        <p class="inline-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** What an empty field means. */
function unsetText(parameter: Parameter): string {
  if (parameter.name === N_LANDMARKS) return "all";
  return isPreprocessing(parameter) ? "off" : "auto";
}
