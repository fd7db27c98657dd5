/** What undo brings back: one state of it, and the list of earlier and later ones. */

import type { TagTable } from "../../model/data/tags";
import type { NamedSelection } from "../../model/view/named-selection";
import type { Selection } from "../../model/view/selection";
import type { ViewSettings } from "../../model/view/settings";

/** Everything that undo brings back; of the settings, those that are undoable. */
export interface Edit extends Partial<ViewSettings> {
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
