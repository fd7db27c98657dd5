/**
 * Hides the still picture of a widget while the widget itself is there. The picture is an output of
 * its own, so that a notebook without its kernel, or in another program, shows something.
 */
export function hideStillPicture(key: string): () => void {
  const name = `projector-still-${CSS.escape(key)}`;
  const style = document.createElement("style");
  // With the prompt and the space that JupyterLab gives each output.
  style.textContent = `.${name}, .jp-OutputArea-child:has(.${name}) { display: none; }`;
  document.head.append(style);
  return () => style.remove();
}
