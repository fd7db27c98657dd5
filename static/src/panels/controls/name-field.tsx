/** A name that is edited in place. */
import type { JSX } from "preact";

export interface NameFieldProps {
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function NameField({ value, onChange }: NameFieldProps): JSX.Element {
  return (
    <input
      type="text"
      class="name-field"
      aria-label={`Name of ${value}`}
      title="Rename"
      value={value}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value);
        // An empty name is not taken: the old one stands there again.
        if (currentTarget.value.trim() === "") currentTarget.value = value;
      }}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
