/** Adds, activates, reorders and removes views. */
import type { Projection } from "../../model/projection/projection";
import { MOST_VIEWS, type View } from "../../model/view/view";
import { withoutView } from "../state/edit";
import type { RootState } from "../state/root-state";
import { searchingFor } from "../state/search";
import type { ViewId } from "../state/view-id";
import { freshView } from "../state/view-state";
import { inView, type RootAction } from "../store";
import { withoutSpace } from "../write-back";
import { showProjection } from "./projection";

/** The id of the view that is added next. */
function nextViewId({ nMade }: RootState): ViewId {
  return String(nMade + 1);
}

/**
 * One more view behind the others. It starts with the settings of the active view, apart from
 * `part`; without a place of its own it shows the same points, so what is selected is selected
 * in it, too.
 */
export function addView(part: Partial<View> = {}): RootAction {
  return {
    inRoot(root) {
      const id = nextViewId(root);
      const from = root.views[root.active];
      if (!from) return root;
      const added = freshView(id, { ...from.view, ...part });
      const isSame = part.place === undefined;
      const { text, column } = from.attention.search;
      const searched = searchingFor(added.attention.search, text);
      const search = { ...searched, column: isSame ? column : null };
      const attention = { ...added.attention, search };
      const view = { ...added, attention, space: isSame ? from.space : added.space };
      return {
        ...root,
        views: { ...root.views, [id]: view },
        order: [...root.order, id],
        nMade: root.nMade + 1,
      };
    },
  };
}

/** A view like the active one right behind it, to act on from now on. */
export function splitView(part: Partial<View> = {}): RootAction {
  return {
    inRoot(root) {
      if (root.order.length >= MOST_VIEWS) return root;
      const added = addView(part).inRoot(root);
      const id = String(added.nMade);
      const at = root.order.indexOf(root.active) + 1;
      const moved = moveView(id, at).inRoot(added);
      return activateView(id).inRoot(moved);
    },
  };
}

/**
 * As many views as there are parts, each with the settings of the active one apart from its part.
 * The active view becomes the first, all others go.
 */
export function openViews(parts: readonly Partial<View>[]): RootAction {
  return {
    inRoot(root) {
      const [first, ...others] = parts.slice(0, MOST_VIEWS);
      const own = root.views[root.active];
      if (!first || !own) return root;
      const gone = root.order.filter((id) => id !== root.active);
      const alone = gone.reduce((left, id) => removeView(id).inRoot(left), root);
      const changed = { ...own, view: { ...own.view, ...first } };
      const views = { ...alone.views, [root.active]: changed };
      return others.reduce((left, part) => addView(part).inRoot(left), { ...alone, views });
    },
  };
}

/** The next (+1) or the last view before (-1) the active one, in the order of the page. */
export function activateNext(offset: 1 | -1): RootAction {
  return {
    inRoot(root) {
      const at = root.order.indexOf(root.active) + offset + root.order.length;
      const id = root.order[at % root.order.length];
      return id === undefined ? root : activateView(id).inRoot(root);
    },
  };
}

/** Panels and keys act on it from now on. */
export function activateView(id: ViewId): RootAction {
  return {
    inRoot: (root) => (root.views[id] && root.active !== id ? { ...root, active: id } : root),
  };
}

/** Let a view's camera stay apart from the linked ones, or go along again from where they are. */
export function setCameraFree(id: ViewId, isCameraFree: boolean): RootAction {
  return {
    inRoot(root) {
      const own = root.views[id];
      if (!own || own.page.isCameraFree === isCameraFree) return root;
      const dims = own.work.shown?.positions.dims;
      const linked = root.order
        .filter((other) => other !== id)
        .map((other) => root.views[other])
        .find(
          (each) => each && !each.page.isCameraFree && each.work.shown?.positions.dims === dims,
        );
      const camera = isCameraFree || !linked ? own.view.camera : linked.view.camera;
      const next = {
        ...own,
        view: { ...own.view, camera },
        page: { ...own.page, isCameraFree },
      };
      return { ...root, views: { ...root.views, [id]: next } };
    },
  };
}

/** An earlier projection in a view of its own, right behind the active one. */
export function showBeside(projection: Projection): RootAction {
  return {
    inRoot(root) {
      const split = splitView().inRoot(root);
      return split === root ? root : inView(split.active, showProjection(projection)).inRoot(split);
    },
  };
}

/** Put a view in the place `at` of the row. */
export function moveView(id: ViewId, at: number): RootAction {
  return {
    inRoot(root) {
      if (!root.order.includes(id)) return root;
      const order = root.order.filter((each) => each !== id);
      order.splice(at, 0, id);
      return { ...root, order };
    },
  };
}

/** The last view stays: there is always one to act on. */
export function removeView(id: ViewId): RootAction {
  return {
    inRoot(root) {
      const at = root.order.indexOf(id);
      if (at < 0 || root.order.length === 1) return root;
      const { [id]: removed, ...views } = root.views;
      const order = root.order.filter((each) => each !== id);
      const next = order[Math.min(at, order.length - 1)] ?? root.active;
      const left: RootState = {
        ...root,
        page: { ...root.page, edits: withoutView(root.page.edits, id) },
        views,
        order,
        active: root.active === id ? next : root.active,
      };
      return removed ? withoutSpace(left, removed.space) : left;
    },
  };
}
