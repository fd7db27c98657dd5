/** The selection that pages share with Python: the last change counts. */
import type { Selection } from "./selection";

export type SelectionAuthor = "none" | "page" | "python";

/** A change of the shared selection as the server announces it, without the rows. */
export interface SelectionNews {
  /** Different after each change; a restarted server begins anywhere. */
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
