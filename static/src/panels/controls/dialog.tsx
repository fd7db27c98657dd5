/** A native modal dialog: it keeps the focus inside and gives it back, and Escape closes it. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { IconButton } from "./icon-button";
import { useModal } from "./modal";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const { close, attributes } = useModal(onClose);
  const id = useId();
  return (
    <dialog class="dialog" aria-labelledby={id} {...attributes}>
      <div class="dialog-frame">
        <div class="dialog-head">
          <h2 class="dialog-title" id={id}>
            {title}
          </h2>
          <IconButton icon="close" name="Close" onPress={close} />
        </div>
        {/* It scrolls where there is much in it, so the keyboard must be able to reach it. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <section class="dialog-body" aria-label={title} tabIndex={0}>
          {children}
        </section>
      </div>
    </dialog>
  );
}
