/** Writes key presses as text: "Ctrl+Shift+Z", "Alt+ArrowLeft", "?". */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Control and Command are one key: which of them it is depends on the system only. */
export function keyText(press: KeyPress): string {
  const { key } = press;
  const hasControl = press.ctrlKey || press.metaKey;
  const name = /^[a-z]$/i.test(key) ? key.toUpperCase() : key;
  // Shift is part of "?"; with letters and named keys it counts separately.
  const countsShift = press.shiftKey && (key.length > 1 || /^[a-z]$/i.test(key));
  return `${hasControl ? "Ctrl+" : ""}${press.altKey ? "Alt+" : ""}${countsShift ? "Shift+" : ""}${name}`;
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
};

/** How a key is shown: "Ctrl Shift Z". */
export function shownKey(text: string): string {
  // The plus key itself is the only part that is empty.
  return text
    .split("+")
    .map((part) => SHOWN[part] ?? part)
    .filter((part) => part !== "")
    .join(" ");
}
