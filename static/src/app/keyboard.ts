/** Short cuts that work wherever the focus is, except while something is being typed. */
import {
  clearSelection,
  selectBack,
  selectForward,
  setSearchText,
} from "../store/actions/attention";
import { nextTheme, openDialog, setTool } from "../store/actions/page";
import { moveStep } from "../store/actions/place";
import { openMethod, setDims } from "../store/actions/projection";
import { setCategoryLabels, setSprites } from "../store/actions/view";
import { selection } from "../store/selectors/picture";
import type { Store } from "../store/store";

export function startKeyboard(store: Store): () => void {
  const root = document.documentElement;
  const onPointer = () => root.setAttribute("data-input", "pointer");
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Tab") root.setAttribute("data-input", "keyboard");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const isTyping = isTextField(event.target);
    if (event.key === "Escape") {
      if (isTyping && event.target instanceof HTMLElement) event.target.blur();
      clear(store);
      return;
    }
    if (isTyping) return;
    if (act(store, event)) event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer, { capture: true });
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", onPointer, { capture: true });
  };
}

/** Escape takes away the search first, then the selection. */
function clear(store: Store): void {
  const { attention } = store.state.peek();
  if (attention.search.text !== "") store.dispatch(setSearchText(""));
  else if (selection(store.state.peek()).length > 0) store.dispatch(clearSelection());
}

function act(store: Store, event: KeyboardEvent): boolean {
  const { view, log, page } = store.state.peek();
  const methods = log.methods.status === "ready" ? log.methods.value : [];
  const method = /^[1-9]$/.test(event.key) ? methods[Number(event.key) - 1] : undefined;
  if (event.altKey) {
    if (event.key === "ArrowLeft") store.dispatch(selectBack());
    else if (event.key === "ArrowRight") store.dispatch(selectForward());
    else return false;
  } else if (method) store.dispatch(openMethod(method.name));
  else if (event.key === "/") store.request({ kind: "focus-search" });
  else if (event.key === "?") store.dispatch(openDialog("shortcuts"));
  else if (event.key === "[") store.dispatch(moveStep(-1));
  else if (event.key === "]") store.dispatch(moveStep(1));
  else if (event.key === "d") store.dispatch(setDims(view.dims === 2 ? 3 : 2));
  else if (event.key === "h") store.request({ kind: "home" });
  else if (event.key === "f")
    store.request({ kind: "fly", indices: [...selection(store.state.peek())] });
  else if (event.key === "r") store.request({ kind: "run" });
  else if (event.key === "i") store.dispatch(setSprites(!view.sprites));
  else if (event.key === "n") store.dispatch(setCategoryLabels(!view.categoryLabels));
  else if (event.key === "v") store.dispatch(setTool("navigate"));
  else if (event.key === "b") store.dispatch(setTool(page.tool === "box" ? "navigate" : "box"));
  else if (event.key === "l") store.dispatch(setTool(page.tool === "lasso" ? "navigate" : "lasso"));
  else if (event.key === "t") store.dispatch(nextTheme());
  else return false;
  return true;
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !["range", "checkbox", "radio"].includes(target.type)
  );
}
