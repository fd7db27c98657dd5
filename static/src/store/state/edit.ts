/** One state of what can be undone, and the row of them. */

import type { TagTable } from "../../model/data/tags";
import type { NamedSelection } from "../../model/view/named-selection";
import type { Selection } from "../../model/view/selection";
import type { View } from "../../model/view/view";

/** The parts of the view that an undo brings back; the camera, for one, is none. */
export const VIEW_PARTS = [
  "color",
  "scale",
  "ramp",
  "swatches",
  "sizeBy",
  "opacityBy",
  "drawAs",
  "label",
  "filters",
  "ghosts",
  "focus",
] as const;

/** Everything that an undo brings back. */
export interface Edit extends Pick<View, (typeof VIEW_PARTS)[number]> {
  readonly selection: Selection;
  readonly named: readonly NamedSelection[];
  readonly tags: Readonly<Record<string, TagTable>>;
}

export interface Edits {
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
  /** What was changed last, and when. */
  readonly last: string;
  readonly at: number;
}

export const NO_EDITS: Edits = { past: [], future: [], last: "", at: 0 };
