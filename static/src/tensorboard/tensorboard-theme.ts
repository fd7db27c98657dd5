/** Whether TensorBoard is light or dark: its class says so, and the page asks its browser. */

/** The class of TensorBoard's body. */
const DARK = "dark-mode";

/**
 * Lets a frame prefer what TensorBoard shows. What a document prefers (`prefers-color-scheme`) is
 * the color scheme of the frame that it is in.
 */
export function followTheme(frame: HTMLElement, body: HTMLElement): void {
  const look = () => {
    frame.style.colorScheme = body.classList.contains(DARK) ? "dark" : "light";
  };
  new MutationObserver(look).observe(body, { attributes: true, attributeFilter: ["class"] });
  look();
}
