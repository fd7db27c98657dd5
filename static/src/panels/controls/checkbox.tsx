/** A native check box with its label. */
import type { JSX } from "preact";

export interface CheckboxProps {
  readonly name: string;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly title?: string;
  readonly onChange: (isChecked: boolean) => void;
}

export function Checkbox(props: CheckboxProps): JSX.Element {
  const { name, isChecked, isDisabled = false, title, onChange } = props;
  return (
    <label class="checkbox" {...(title && { title })}>
      <input
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{name}</span>
    </label>
  );
}
