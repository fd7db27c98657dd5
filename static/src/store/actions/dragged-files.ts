/** How many files are held over the page. */
import type { Action } from "../store";

/** null: nothing is over the page any more. */
export function dragging(dragged: number | null): Action {
  return (state) =>
    state.fileDrops.dragged === dragged
      ? state
      : { ...state, fileDrops: { ...state.fileDrops, dragged } };
}
