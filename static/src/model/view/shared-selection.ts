/** The selection that pages share with a notebook: whoever changed it last has the word. */
import type { Selection } from "./selection";

export type SelectionAuthor = "nobody" | "page" | "python";

/** What the server tells of the shared selection without its rows. */
export interface SelectionNews {
  /** Another one after each change; a restarted server begins anywhere. */
  readonly number: number;
  readonly author: SelectionAuthor;
  readonly dataset: string;
  readonly n_selected: number;
}

/** Rows of one dataset. */
export interface PlacedSelection {
  readonly dataset: string;
  readonly nPoints: number;
  readonly rows: Selection;
}

export interface SharedSelection extends PlacedSelection {
  readonly number: number;
  readonly author: SelectionAuthor;
}
