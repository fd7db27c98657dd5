/** Results of searches among the values of columns. */
import type { Category } from "../../model/data/dataset";

/** A search among the values of one column. */
export interface MoreValues {
  /** The content that they are of (see `contentKey`). */
  readonly of: string;
  readonly text: string;
  readonly found: readonly Category[];
  readonly nFound: number;
  readonly isLoading: boolean;
}

/** The legend and the chart of one column each have a list of their own. */
export type CategorySearchKey = `${"legend" | "chart"} ${number}`;

export type CategorySearches = Readonly<Partial<Record<CategorySearchKey, MoreValues>>>;
