/** A native choice with its label: keyboards, screen readers and long lists work by themselves. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface SelectProps {
  readonly name: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly title?: string;
  readonly onChange: (value: string) => void;
  /** `option` and `optgroup` elements. */
  readonly children: ComponentChildren;
}

export function Select(props: SelectProps): JSX.Element {
  const { name, value, isDisabled = false, title, onChange, children } = props;
  const id = useId();
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {name}
      </label>
      <select
        id={id}
        class="select"
        value={value}
        disabled={isDisabled}
        {...(title && { title })}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {children}
      </select>
    </div>
  );
}
