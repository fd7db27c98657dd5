/** A native modal dialog: it keeps the focus inside and gives it back, and Escape closes it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { IconButton } from "./icon-button";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => element.current?.showModal(), []);
  return (
    // Escape is the keyboard's way out, and the dialog's own.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      // Only the backdrop is the dialog itself; everything inside is in the frame.
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      <div class="dialog-frame">
        <div class="dialog-head">
          <h2 class="dialog-title" id={id}>
            {title}
          </h2>
          <IconButton icon="close" name="Close" onPress={() => element.current?.close()} />
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
