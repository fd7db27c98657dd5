/** The button that opens files of this machine. */
import type { JSX } from "preact";
import { useOffered, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

export interface OpenFileProps {
  /** A button with words, where there is room and nothing else to do. */
  readonly isLarge?: boolean;
}

const NAME = "Open a file…";

export function OpenFileButton({ isLarge = false }: OpenFileProps): JSX.Element | null {
  const store = useStore();
  const isOffered = useOffered("choose-files");
  if (!isOffered) return null;
  const open = () => store.request({ kind: "choose-files" });
  if (!isLarge) return <IconButton icon="open" name={NAME} shortcut="Ctrl O" onPress={open} />;
  return (
    <button type="button" class="button is-primary" onClick={open}>
      <Icon name="open" />
      {NAME}
    </button>
  );
}
