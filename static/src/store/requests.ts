/** What a panel can ask for beyond a change of state. `app` has a handler for each kind. */

import type { Bookmark } from "../model/view/bookmark";
import type { CategorySearchKey } from "./state/category-search";

export type ExportKind =
  | "png"
  | "svg"
  | "html"
  | "projection-tsv"
  | "projection-csv"
  | "metadata"
  | "selection";

export type PageRequest =
  /** Show what the open method's form says, computing it if need be. */
  | { readonly kind: "run" }
  | { readonly kind: "stop" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  /** One of the actions that the running method declares. */
  | { readonly kind: "run-action"; readonly action: string }
  /** Find out how far the picture can be trusted. */
  | { readonly kind: "measure-trust" }
  | { readonly kind: "fly"; readonly indices: ArrayLike<number> }
  /** Select what is neither filtered out nor out of sight; or of these, what is not selected. */
  | { readonly kind: "select-shown" }
  | { readonly kind: "invert-selection" }
  | { readonly kind: "home" }
  /** Turn the picture in its plane, in degrees clockwise. */
  | { readonly kind: "roll"; readonly degrees: number }
  | { readonly kind: "focus-search" }
  | { readonly kind: "save-picture" }
  /** A column's array that a chart or a table needs. */
  | {
      readonly kind: "load-column";
      readonly column: number;
      readonly what: "numbers" | "codes" | "text" | "values";
    }
  /** Values of a column that contain a text, or the next ones of them. */
  | {
      readonly kind: "find-values";
      readonly list: CategorySearchKey;
      readonly column: number;
      readonly text: string;
      readonly offset: number;
    }
  /** Why an image or a sound of a point did not come. */
  | {
      readonly kind: "explain-media";
      readonly url: string;
      readonly place: { readonly dataset: string; readonly index: number; readonly column: number };
    }
  /** Texts of the rows of a table that are in sight. */
  | {
      readonly kind: "load-texts";
      readonly rows: readonly number[];
      readonly columns: readonly number[];
    }
  | { readonly kind: "full-screen" }
  | { readonly kind: "show-bookmark"; readonly bookmark: Bookmark }
  | { readonly kind: "save-bookmarks" }
  | { readonly kind: "open-bookmarks"; readonly file: File }
  | { readonly kind: "copy-link" }
  /** Make a file of what is shown. */
  | { readonly kind: "export"; readonly what: ExportKind; readonly scale?: number }
  /** Open the form in which points are tagged, ready to be typed into. */
  | { readonly kind: "open-tags" }
  /** Try again to save the tags; or keep them in the server's memory. */
  | { readonly kind: "save-tags"; readonly isForSession: boolean }
  /** Tags that somebody else changed: take theirs, or put one's own over them. */
  | { readonly kind: "settle-tags"; readonly how: "theirs" | "merge" }
  | { readonly kind: "download-tags" }
  | { readonly kind: "reload-log" }
  /** Let a person choose files of this machine. */
  | { readonly kind: "choose-files" }
  /** Send files to the server and open what they hold. */
  | { readonly kind: "open-files"; readonly files: readonly File[] }
  | { readonly kind: "open-demo" }
  | { readonly kind: "cancel-drop"; readonly batch: string };

export type RequestKind = PageRequest["kind"];
export type RequestOf<Kind extends RequestKind> = Extract<PageRequest, { readonly kind: Kind }>;
