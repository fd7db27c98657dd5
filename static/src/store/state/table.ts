/** State of the table: its order, and the texts of its visible rows. */
import { BY_ROW, type SortOrder } from "../../model/data/sorting";

/** Texts of a row by the number of their column; a hole is what was not asked for. */
export type RowTexts = readonly (string | null | undefined)[];

/** All rows of a dataset in the order of a column. */
export interface OrderedRows {
  readonly key: string;
  readonly rows: Uint32Array;
}

export interface TextsOf {
  /** The dataset's files (see `filesKey`). */
  readonly files: string;
  /** What its columns said, tags included (see `contentKey`). */
  readonly content: string;
}

export interface TableState {
  readonly order: SortOrder;
  readonly ordered: OrderedRows | null;
  readonly isSorting: boolean;
  /** What the texts are of. */
  readonly textsOf: TextsOf;
  readonly texts: ReadonlyMap<number, RowTexts>;
}

export const INITIAL_TABLE: TableState = {
  order: BY_ROW,
  ordered: null,
  isSorting: false,
  textsOf: { files: "", content: "" },
  texts: new Map(),
};
