/** Tags, and whether they are saved. */
import type { TagTable } from "../../model/data/tags";
import type { PointSpace } from "./point-space";

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

export interface TagTables {
  /** As they are on the page; undo restores an earlier table. */
  readonly tables: Readonly<Record<PointSpace, TagTable>>;
  readonly kept: Readonly<Record<PointSpace, KeptTags>>;
}

/** The form in which points are tagged. */
export interface TagForm {
  readonly isOpen: boolean;
  /** The field for the value is to be typed into next. */
  readonly wantsFocus: boolean;
}

export interface TagColumn {
  /** The column that is being tagged; null for a new one. */
  readonly column: string | null;
}

export interface TagsState extends TagTables, TagForm, TagColumn {}
