/** Runs commands by keys, wherever the focus is, except in text fields. */
import { keyText } from "../../model/text/keys";
import { setTool } from "../../store/actions/page";
import { clearSelection, setSearchText } from "../../store/actions/selection";
import { commandForKey, isEnabled } from "../../store/commands";
import { selection } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

/** These are worth leaving a text field for. */
const EVEN_WHILE_TYPING: ReadonlySet<string> = new Set(["Ctrl+K", "Ctrl+S"]);
/** A button, a list or the plot itself has its own meaning for these. */
const OF_THE_FOCUSED: ReadonlySet<string> = new Set(["Enter", "Shift+Enter"]);
/** Whoever presses these looks for the focus. */
const MOVES_FOCUS: ReadonlySet<string> = new Set([
  "Tab",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
]);

export function startKeyboard(store: Store): () => void {
  const root = document.documentElement;
  let isByPointer = false;
  const inputBy = (pointer: boolean) => {
    isByPointer = pointer;
    root.setAttribute("data-input", pointer ? "pointer" : "keyboard");
  };
  const onPointer = () => inputBy(true);
  /** A list from which was chosen by the pointer would take every letter for a search in itself. */
  const onChange = ({ target }: Event) => {
    if (isByPointer && target instanceof HTMLSelectElement) target.blur();
  };
  const onKey = (event: KeyboardEvent) => {
    if (MOVES_FOCUS.has(event.key)) inputBy(false);
    // Also of a dialog that is on its way.
    const hasDialog = store.state.peek().page.dialog !== null;
    if (event.defaultPrevented || hasDialog || document.querySelector("dialog[open]")) return;
    const isTyping = isTextField(event.target);
    const pressed = keyText(event);
    if (pressed === "Escape") {
      if (isTyping && event.target instanceof HTMLElement) event.target.blur();
      giveUp(store);
      return;
    }
    if (isTyping && !EVEN_WHILE_TYPING.has(pressed)) return;
    const command = commandForKey(store.state.peek(), pressed);
    if (!command) return;
    const canRun = isEnabled(command, store.state.peek());
    // Where the pointer pressed a button, the focus that it left there was not asked for.
    const isOwn = !(isByPointer && canRun && isButton(event.target));
    if (OF_THE_FOCUSED.has(pressed) && isOwn && isPressable(event.target)) return;
    // Even where there is nothing to undo, the browser must not go back a page instead.
    event.preventDefault();
    if (canRun) command.run(store);
  };
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("pointerdown", onPointer, { capture: true });
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("change", onChange);
    document.removeEventListener("pointerdown", onPointer, { capture: true });
  };
}

/** Escape takes away the search first, then the selection, then the tool. */
function giveUp(store: Store): void {
  const { attention } = store.state.peek();
  if (attention.search.text !== "") store.dispatch(setSearchText(""));
  else if (selection(store.state.peek()).length > 0) store.dispatch(clearSelection());
  else store.dispatch(setTool("navigate"));
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["range", "checkbox", "radio", "color", "button"].includes(target.type)
  );
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, summary") !== null;
}

function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("button, input, summary, a, [role=listbox], [role=slider], [role=grid]") !== null
  );
}
