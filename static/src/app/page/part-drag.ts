/**
 * Drags a run, a step or a method over the views: where it is dropped a view opens. Captions,
 * commands and the split do the same for keyboards.
 */

import type { Place } from "../../model/data/listing";
import {
  type DraggedPart,
  type DropSide,
  partDragged,
  partDropped,
  partWords,
} from "../../store/actions/dropped-parts";
import { closeDialog } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import type { RootStore, Store } from "../../store/store";

/** CSS pixels: less is a click that was not quite still. */
const NEAR = 8;

/**
 * What is pressed may be dragged from now on. `placeBefore` is where the active view was when it
 * was pressed.
 */
export function followDrag(
  pressed: PointerEvent,
  placeBefore: Place | null,
  root: RootStore,
  store: Store,
): void {
  const source = sourceOf(pressed);
  if (!source) return;
  const ending = new AbortController();
  const { signal } = ending;
  let part: DraggedPart | null = null;

  const begin = (event: PointerEvent) => {
    const found = partAt(source);
    if (!found) return;
    part = found;
    if (source.hasPointerCapture(event.pointerId)) source.releasePointerCapture(event.pointerId);
    // The step was only pulled out of the timeline: the view stays at its own.
    if (found.kind === "step" && placeBefore) store.dispatch(goTo(placeBefore));
    window.getSelection()?.removeAllRanges();
    // A dialog would hide the views.
    const { dialog } = store.state.peek().page;
    if (dialog) store.dispatch(closeDialog(dialog));
    store.dispatch(partDragged(partWords(store.state.peek(), found)));
  };
  const end = () => {
    ending.abort();
    if (part) store.dispatch(partDragged(null));
    part = null;
  };
  const listen = <K extends keyof WindowEventMap>(
    name: K,
    listener: (event: WindowEventMap[K]) => void,
  ) => window.addEventListener(name, listener, { capture: true, signal });
  listen("pointermove", (event) => {
    if (part) {
      event.preventDefault();
      event.stopPropagation();
    } else if (isLetGo(event)) end();
    else if (isAway(source, pressed, event)) {
      event.stopPropagation();
      begin(event);
    }
  });
  listen("pointerup", (event) => {
    const dropped = part;
    const zone = dropped && zoneAt(event);
    end();
    if (!dropped) return;
    event.stopPropagation();
    // What was pressed is not clicked.
    window.addEventListener("click", (click) => click.stopPropagation(), {
      capture: true,
      once: true,
    });
    if (zone) root.dispatch(partDropped(dropped, zone.view, zone.side));
  });
  listen("pointercancel", end);
  window.addEventListener("selectstart", (event) => event.preventDefault(), { signal });
  listen("keydown", (event) => {
    if (event.key !== "Escape" || !part) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  });
}

/** Where the browser did not hear of it: a move of a layout below a still pointer is no move. */
function isLetGo({ buttons, movementX, movementY }: PointerEvent): boolean {
  return (buttons & 1) === 0 && (movementX !== 0 || movementY !== 0);
}

function sourceOf({ target }: PointerEvent): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-part]") : null;
}

/** Read late: along the timeline the step changes under the pointer. */
function partAt(source: HTMLElement): DraggedPart | null {
  const { part: text = "" } = source.dataset;
  const [kind = "", ...name] = text.split(" ");
  if ((kind !== "run" && kind !== "step" && kind !== "method") || name.length === 0) return null;
  return { kind, name: name.join(" ") };
}

/** A step is dragged once it leaves the timeline: along it, the pointer only chooses. */
function isAway(source: HTMLElement, from: PointerEvent, to: PointerEvent): boolean {
  if (source.getAttribute("role") === "slider") {
    return to.clientY < source.getBoundingClientRect().top - NEAR;
  }
  return Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) > NEAR;
}

function zoneAt({ clientX, clientY }: PointerEvent): { view: string; side: DropSide } | null {
  const zone = document
    .elementFromPoint(clientX, clientY)
    ?.closest<HTMLElement>("[data-drop-side]");
  const { dropView: view, dropSide: side } = zone?.dataset ?? {};
  if (view === undefined || (side !== "before" && side !== "behind" && side !== "instead"))
    return null;
  return { view, side };
}
