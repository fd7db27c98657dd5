/** Files that are dragged over the page or being sent to the server. */
import type { Drop } from "../../model/data/file-drop";

export interface DropState {
  /** How many files are being dragged over the page; null while none are. */
  readonly dragged: number | null;
  readonly drops: readonly Drop[];
}

export const NO_DROPS: DropState = { dragged: null, drops: [] };
