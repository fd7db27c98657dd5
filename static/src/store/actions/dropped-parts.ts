/** What is dragged over the views, and what becomes of it where it is dropped. */
import { nearestEntry, placeOf } from "../../model/data/listing";
import { MOST_VIEWS, type View } from "../../model/view/view";
import { listingOf, methodNamed } from "../selectors/listing";
import { type State, stateOf } from "../state/state";
import type { ViewId } from "../state/view-id";
import { type Action, inView, type RootAction } from "../store";
import { viewAt } from "./place";
import { activateView, moveView, splitView } from "./views";

/** A run, a step or a method, by its name. */
export interface DraggedPart {
  readonly kind: "run" | "step" | "method";
  readonly name: string;
}

/** Before or behind a view in the order of the page, or in its place. */
export type DropSide = "before" | "behind" | "instead";

/** In words, for the places where it can be dropped; null: nothing is dragged any more. */
export function partDragged(draggedPart: string | null): Action {
  return (state) => ({ ...state, page: { ...state.page, draggedPart } });
}

/** "run mlp-relu", "step 200", "UMAP" */
export function partWords(state: State, { kind, name }: DraggedPart): string {
  if (kind === "method") return methodNamed(state, name)?.title ?? name;
  return kind === "step" ? `step ${Number(name).toLocaleString("en-US")}` : `run ${name}`;
}

/** A view like `at`, but of the dragged part, beside it or in its place. */
export function partDropped(part: DraggedPart, at: ViewId, side: DropSide): RootAction {
  return {
    inRoot(root) {
      if (!root.views[at]) return root;
      const changed = partOf(stateOf(root, at), part);
      if (!changed) return root;
      const active = activateView(at).inRoot(root);
      if (side === "instead") {
        const change: Action = (state) => ({ ...state, view: { ...state.view, ...changed } });
        return inView(at, change).inRoot(active);
      }
      if (root.order.length >= MOST_VIEWS) return root;
      const split = splitView(changed).inRoot(active);
      const place = root.order.indexOf(at);
      return side === "before" ? moveView(split.active, place).inRoot(split) : split;
    },
  };
}

function partOf(state: State, { kind, name }: DraggedPart): Partial<View> | null {
  const { view } = state;
  if (kind === "method") {
    const request = { method: name, params: view.drafts[name] ?? {}, dims: view.dims };
    return methodNamed(state, name) ? { method: name, request, camera: null } : null;
  }
  const listing = listingOf(state);
  const wanted =
    kind === "run"
      ? { run: name, name: view.place?.name ?? "", ...stepOf(view.place?.step) }
      : { ...view.place, step: Number(name) };
  const entry = listing && nearestEntry(listing, wanted);
  return entry ? viewAt(state, placeOf(entry)) : null;
}

function stepOf(step: number | null | undefined): { readonly step?: number } {
  return step === null || step === undefined ? {} : { step };
}
