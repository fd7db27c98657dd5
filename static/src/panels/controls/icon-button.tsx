/** A button with an icon, and its name for screen readers and in a tooltip. */
import type { JSX } from "preact";
import { Icon, type IconName } from "./icon";

export interface IconButtonProps {
  readonly icon: IconName;
  readonly name: string;
  /** A short cut, shown with the name. */
  readonly shortcut?: string;
  /** For buttons that stay pressed. */
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton(props: IconButtonProps): JSX.Element {
  const { icon, name, shortcut, isPressed, isDisabled = false, onPress } = props;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={shortcut ? `${name} (${shortcut})` : name}
      {...(isPressed !== undefined && { "aria-pressed": isPressed })}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
