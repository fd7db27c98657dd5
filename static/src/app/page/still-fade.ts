/** While steps are played: fades the points that hardly move, so that the others are followed. */
import { effect, untracked } from "@preact/signals";
import type { Positions } from "../../model/projection/projection";
import { stillPoints } from "../../model/projection/still-points";
import { stillFaded } from "../../store/actions/page";
import type { ViewId } from "../../store/state/view-id";
import { type RootStore, scope, viewStates } from "../../store/store";

/** Where nothing is to move nothing fades either: trails say what moved. */
export function startStillFade(root: RootStore): () => void {
  const states = viewStates(root);
  const seen = new Map<ViewId, Positions>();
  return effect(() => {
    const all = states.value;
    untracked(() => {
      const isPlaying = [...all.values()].some(({ page }) => page.isPlaying);
      for (const [id, { work, page }] of all) {
        const { shown } = work;
        const before = seen.get(id);
        if (shown && !shown.isLive) seen.set(id, shown.positions);
        const isWanted = isPlaying && !page.isMotionReduced && shown !== null && !shown.isLive;
        if (!isWanted) {
          if (page.still) scope(root, id).dispatch(stillFaded(null));
        } else if (before && before !== shown.positions) {
          scope(root, id).dispatch(stillFaded(stillPoints(before, shown.positions)));
        }
      }
      for (const id of seen.keys()) if (!all.has(id)) seen.delete(id);
    });
  });
}
