/** Opens a native modal dialog as soon as it is drawn, and closes it in one step. */
import { useLayoutEffect, useRef } from "preact/hooks";

export function useModal(onClose: () => void) {
  const element = useRef<HTMLDialogElement>(null);
  // Before anything is painted: a key that is pressed by then would act on the page behind it.
  useLayoutEffect(() => element.current?.showModal(), []);
  const close = () => {
    // It gives the focus back, and the page must know at once: its own event comes a moment later,
    // and would close what was opened again meanwhile.
    element.current?.close();
    onClose();
  };
  const attributes = {
    ref: element,
    onCancel: (event: Event) => {
      event.preventDefault();
      close();
    },
    // However else it was closed; not where it is gone already.
    onClose: () => element.current && onClose(),
    // Only the backdrop is the dialog itself; everything inside is in a frame.
    onClick: (event: MouseEvent) => event.target === element.current && close(),
  };
  return { close, attributes };
}
