/** Opens files of this machine; the way for whoever does not drag. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useStore } from "./context";
import { Icon } from "./controls/icon";
import { IconButton } from "./controls/icon-button";

export interface OpenFileProps {
  /** A button with words, where there is room and nothing else to do. */
  readonly isLarge?: boolean;
}

const NAME = "Open a file…";

export function OpenFileButton({ isLarge = false }: OpenFileProps): JSX.Element {
  const store = useStore();
  const field = useRef<HTMLInputElement>(null);
  const open = () => field.current?.click();
  return (
    <>
      {isLarge ? (
        <button type="button" class="button is-primary" onClick={open}>
          <Icon name="open" />
          {NAME}
        </button>
      ) : (
        <IconButton icon="open" name={NAME} onPress={open} />
      )}
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="File"
        onChange={({ currentTarget }) => {
          store.request({ kind: "open-files", files: [...(currentTarget.files ?? [])] });
          // The same file again, repaired meanwhile, must be a change again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}
