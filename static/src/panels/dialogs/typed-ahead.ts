/** What is typed after the palette was asked for, while its code is on its way. */

let typed = "";
let isLoaded = false;
let stop: () => void = () => undefined;

/** The palette's code is here: its field hears of every key itself. */
export function paletteLoaded(): void {
  isLoaded = true;
}

/** Keep what is typed from now on; the returned function ends it. */
export function keepTyped(): () => void {
  typed = "";
  if (isLoaded) return () => undefined;
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace") typed = typed.slice(0, -1);
    else if ([...event.key].length === 1) typed += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("keydown", hear, true);
  stop = () => window.removeEventListener("keydown", hear, true);
  return stop;
}

/** What was typed, for the field that is here now; nothing is kept any more. */
export function takeTyped(): string {
  stop();
  const taken = typed;
  typed = "";
  return taken;
}
