/** Values of columns that are too many to be listed at once: what was found among them. */
import type { Category } from "../../model/data/dataset";

/** What a person looks for among the values of one column. */
export interface RarerValues {
  /** The content that they are of (see `contentKey`). */
  readonly of: string;
  readonly text: string;
  readonly found: readonly Category[];
  readonly nFound: number;
  readonly isLoading: boolean;
}

/** The legend and the chart of one column each have a list of their own. */
export type RarerList = `${"legend" | "chart"} ${number}`;

export type Rarer = Readonly<Partial<Record<RarerList, RarerValues>>>;
