/** One parameter of a method as a control, made from its declaration. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
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
import { choicesOf } from "../../model/projection/parameter-form";
import { mistype, setParameter } from "../../store/actions/projection";
import { mistypedText } from "../../store/selectors/form";
import { methodNamed } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { CategoryControl, ColumnControl } from "./column-control";
import { NameChoice } from "./name-choice";
import { PointsControl } from "./points-control";

export interface ParameterControlProps {
  readonly parameter: Parameter;
  /** Rare parameters are set by number alone, unless they stand in a group of their own. */
  readonly withSlider?: boolean;
}

export function ParameterControl(props: ParameterControlProps): JSX.Element {
  const { parameter, withSlider = !parameter.advanced } = props;
  const store = useStore();
  const value = useSelect(
    ({ view }) => currentValue(parameter, view.drafts[view.method] ?? {}),
    [parameter],
  );
  const set = (next: ParameterValue) => store.dispatch(setParameter(parameter.name, next));
  const { name, kind, help } = parameter;
  const names = useSelect(
    (state) => {
      const method = methodNamed(state, state.view.method);
      const draft = state.view.drafts[state.view.method] ?? {};
      return method ? choicesOf(method, parameter, draft) : parameter.choices;
    },
    [parameter],
    isEqual,
  );
  switch (kind) {
    case "bool":
      return <Checkbox name={name} isChecked={value === true} title={help} onChange={set} />;
    case "choice":
      return <NameChoice parameter={parameter} value={value} names={names} onChange={set} />;
    case "points":
      return <PointsControl parameter={parameter} value={value} onChange={set} />;
    case "column":
      return <ColumnControl parameter={parameter} value={value} onChange={set} />;
    case "category":
      return <CategoryControl parameter={parameter} value={value} onChange={set} />;
    default:
      return (
        <ValueField parameter={parameter} value={value} withSlider={withSlider} onChange={set} />
      );
  }
}

interface ValueFieldProps {
  readonly parameter: Parameter;
  readonly value: ParameterValue;
  readonly withSlider: boolean;
  readonly onChange: (value: ParameterValue) => void;
}

/** A field that takes any allowed value and, where both ends are known, a slider next to it. */
function ValueField({ parameter, value, withSlider, onChange }: ValueFieldProps): JSX.Element {
  const id = useId();
  const store = useStore();
  // What is being typed need not be a value yet: "0." on the way to "0.5".
  const [typed, setTyped] = useState<string | null>(null);
  const mistyped = useSelect((state) => mistypedText(state, parameter), [parameter]);
  const shown = mistyped ?? typed ?? (value === null ? "" : String(value));
  const checked = checkText(parameter, shown);
  const problem = "message" in checked ? checked.message : null;
  const commit = (text: string) => {
    setTyped(text);
    const result = checkText(parameter, text);
    if ("value" in result) onChange(result.value);
    else store.dispatch(mistype(parameter.name, text, value));
  };
  return (
    <div class="field is-parameter" title={parameter.help}>
      <label class="field-name" for={id}>
        {parameter.name}
      </label>
      <div class="value-field">
        {withSlider && hasSlider(parameter) && (
          <input
            type="range"
            min={0}
            max={SLIDER_STEPS}
            step={1}
            value={typeof value === "number" ? toSlider(parameter, value) : 0}
            aria-label={`${parameter.name} slider`}
            aria-valuetext={value === null ? parameter.unset : String(value)}
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
          inputMode={isNumber(parameter) ? "decimal" : "text"}
          autoComplete="off"
          placeholder={parameter.unset}
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

function isNumber({ kind }: Parameter): boolean {
  return kind === "int" || kind === "float";
}
