/** One tab stop for a list of many controls: arrow keys move among them. */
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";

/** Attributes of the list; its controls are rows of `[data-row]`, each with one or more. */
export function useRoving<T extends HTMLElement>(): {
  readonly ref: RefObject<T | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocusIn: (event: FocusEvent) => void;
} {
  const ref = useRef<T>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const rows = [...(ref.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const now = rows.findIndex((row) => row.contains(event.target as Node));
    const controls = controlsOf(rows[now]);
    const at = controls.indexOf(event.target as HTMLElement);
    const next = target(event.key, rows, now, controls, at);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  // Coming back by Tab leads to where one has been.
  const onFocusIn = ({ target: focused }: FocusEvent) => {
    for (const each of ref.current?.querySelectorAll<HTMLElement>("[data-row] > *") ?? []) {
      each.tabIndex = each === focused ? 0 : -1;
    }
  };
  return { ref, onKeyDown, onFocusIn };
}

function target(
  key: string,
  rows: readonly HTMLElement[],
  row: number,
  controls: readonly HTMLElement[],
  at: number,
): HTMLElement | undefined {
  const inRow = (next: HTMLElement | undefined) => controlsOf(next)[at] ?? controlsOf(next).at(-1);
  if (key === "ArrowDown") return inRow(rows[row + 1]);
  if (key === "ArrowUp") return inRow(rows[row - 1]);
  if (key === "Home") return inRow(rows[0]);
  if (key === "End") return inRow(rows.at(-1));
  if (key === "ArrowRight") return controls[at + 1];
  return key === "ArrowLeft" ? controls[at - 1] : undefined;
}

function controlsOf(row: HTMLElement | undefined): HTMLElement[] {
  return [...(row?.querySelectorAll<HTMLElement>("button, input") ?? [])];
}
