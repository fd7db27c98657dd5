/** The table's own part of the state: how it is sorted, and the texts of the rows in sight. */
import { BY_ROW, type SortOrder } from "../model/sorting";
import type { Answer, State } from "./state";

/** Texts of a row by the number of their column; a hole is what was not asked for. */
export type RowTexts = readonly (string | null | undefined)[];

/** All rows of a dataset in the order of a column. */
export interface OrderedRows {
  readonly key: string;
  readonly rows: Uint32Array;
}

export interface TableState {
  readonly order: SortOrder;
  readonly ordered: Answer<OrderedRows>;
  /** Of which dataset the texts are (see `contentKey`). */
  readonly textsOf: string;
  readonly texts: ReadonlyMap<number, RowTexts>;
}

export const INITIAL_TABLE: TableState = {
  order: BY_ROW,
  ordered: { value: null, isLoading: false, error: null },
  textsOf: "",
  texts: new Map(),
};

/** Names the shown dataset as it is now: a rewritten file is another one. */
export function contentKey({ work, datasets }: State): string {
  const id = work.shown?.dataset ?? "";
  return `${id} ${datasets[id]?.revision ?? ""}`;
}

/** Names the order that is wanted; empty where rows stand by their numbers. */
export function orderKey(state: State): string {
  const { column, isDescending } = state.table.order;
  return column === null ? "" : `${contentKey(state)} ${column} ${isDescending ? "down" : "up"}`;
}
