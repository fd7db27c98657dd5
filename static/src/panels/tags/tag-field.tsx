/** A text field of the form for tags, with what is wrong with its text. */
import type { JSX } from "preact";

export interface TagFieldProps {
  readonly id: string;
  readonly title: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly problem: string | null;
  readonly onInput: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function TagField(props: TagFieldProps): JSX.Element {
  const { id, title, value, placeholder, problem, onInput, onKeyDown } = props;
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {title}
      </label>
      <input
        id={id}
        type="text"
        class="input"
        autoComplete="off"
        spellcheck={false}
        value={value}
        {...(placeholder && { placeholder })}
        aria-invalid={problem !== null}
        {...(problem && { "aria-describedby": `${id}-problem` })}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {problem && (
        <p class="inline-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}
