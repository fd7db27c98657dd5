/** A slider with its name and its value; a double click resets it. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** What a double click returns to. */
  readonly normal: number;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

export function Slider(props: SliderProps): JSX.Element {
  const { name, value, low, high, step, normal, format, onChange } = props;
  const id = useId();
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {name}
      </label>
      <div class="slider">
        <input
          id={id}
          type="range"
          min={low}
          max={high}
          step={step}
          value={value}
          aria-valuetext={format(value)}
          title="Double-click to reset"
          onInput={(event) => onChange(Number(event.currentTarget.value))}
          onDblClick={() => onChange(normal)}
        />
        <output class="slider-value" for={id}>
          {format(value)}
        </output>
      </div>
    </div>
  );
}
