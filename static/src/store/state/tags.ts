/** The tags that a person makes, and how far they are saved. */
import type { TagTable } from "../../model/data/tags";

/** How the tags of one tensor are kept by the server. */
export interface KeptTags {
  /** The dataset through which they are saved: any step of the tensor. */
  readonly dataset: string;
  /** What the server has, as far as this page knows. */
  readonly table: TagTable;
  /** null where it has none. */
  readonly revision: string | null;
  /** Relative to the log directory; null for the server's memory. */
  readonly file: string | null;
  /** Whether there is a place for a file at all. */
  readonly isBeside: boolean;
  readonly status: "clean" | "saving" | "failed" | "conflict";
  /** Why it failed. */
  readonly message: string;
}

export interface TagsState {
  readonly isOpen: boolean;
  /** The field for the value is to be typed into next. */
  readonly wantsFocus: boolean;
  /** The column that is being tagged; null for a new one. */
  readonly column: string | null;
  /** What the person wants, by `tagsKey`; undo brings an earlier table back. */
  readonly tables: Readonly<Record<string, TagTable>>;
  readonly kept: Readonly<Record<string, KeptTags>>;
}

export const INITIAL_TAGS: TagsState = {
  isOpen: false,
  wantsFocus: false,
  column: null,
  tables: {},
  kept: {},
};
