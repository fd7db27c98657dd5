/** Requests of panels that are more than a change of state. `app` has a handler for each kind. */

import type { RunSteps } from "../model/data/health";
import type { MeasureName } from "../model/data/measurement";
import type { MediaPlace } from "../model/data/media-place";
import type { AlikeFigure } from "../model/data/similarity";
import type { Bookmark } from "../model/view/bookmark";
import type { FigureChoice } from "../model/view/figure";
import type { PluginPanel } from "../model/view/plugin-panel";
import type { CategorySearchKey } from "./state/category-search";

export type ExportKind =
  | "png"
  | "svg"
  | "html"
  | "projection-tsv"
  | "projection-csv"
  | "parquet"
  | "npz"
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
  /** Measure the quality of what is shown. */
  | { readonly kind: "measure-quality" }
  /** Look for clusters in the original space, or in the picture that is shown. */
  | { readonly kind: "find-clusters"; readonly inPicture: boolean }
  | { readonly kind: "stop-clusters" }
  /** Compare two datasets of the same points, and color by what changed. */
  | { readonly kind: "show-drift"; readonly from: string; readonly to: string }
  | { readonly kind: "stop-drift" }
  /** What is known of the comparison whose columns are shown. */
  | { readonly kind: "load-drift" }
  /** Begin to draw lines between two views, wherever they are asked for from now on. */
  | { readonly kind: "draw-drift-lines" }
  | { readonly kind: "draw-trails" }
  /** Begin to paint the density of all points behind samples. */
  | { readonly kind: "draw-density" }
  /** Which groups of points moved alike. */
  | { readonly kind: "load-drift-groups" }
  /** Which neighbors a point kept, lost and gained. */
  | { readonly kind: "load-drift-neighbors"; readonly point: number }
  /** Measure the health of some datasets, the steps of one tensor; or give it up. */
  | {
      readonly kind: "measure-health" | "measure-dimensions";
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "measure-similarity";
      readonly datasets: readonly string[];
      readonly figure: AlikeFigure;
    }
  /** The histograms of a run's event files; without a tag those of the first one. */
  | { readonly kind: "load-histograms"; readonly run: string; readonly tag: string | null }
  | { readonly kind: "stop-measure"; readonly what: MeasureName }
  /** Measure the health of all of these runs, one after another; or give it up. */
  | { readonly kind: "measure-runs"; readonly runs: readonly RunSteps[] }
  | { readonly kind: "stop-measuring-runs" }
  /** Add a column that a formula gives, or remove one. */
  | { readonly kind: "compute-column"; readonly name: string; readonly formula: string }
  | { readonly kind: "remove-column"; readonly name: string }
  /** Give up measuring how near points are to their neighbors. */
  | { readonly kind: "stop-nearness" }
  | { readonly kind: "fly"; readonly indices: ArrayLike<number> }
  /** Select all points that are neither filtered out nor hidden; or those of them that are not selected. */
  | { readonly kind: "select-shown" }
  | { readonly kind: "invert-selection" }
  /** How long methods will take, as far as it was measured. */
  | { readonly kind: "load-estimates" }
  /** List these points as a dataset of their own, and show it. */
  | { readonly kind: "project-only"; readonly rows: Uint32Array }
  | { readonly kind: "home" }
  /** Turn the plot in its plane, in degrees clockwise. */
  | { readonly kind: "roll"; readonly degrees: number }
  | { readonly kind: "focus-search" }
  | { readonly kind: "save-image" }
  /** A column's array that a chart or a table needs. */
  | {
      readonly kind: "load-column";
      readonly column: number;
      readonly what: "numbers" | "codes" | "text" | "values";
    }
  /** Values of a column that contain a text, or the next ones of them. */
  | {
      readonly kind: "find-values";
      /** So many of the most frequent are listed elsewhere: without a text they are left out. */
      readonly skip: number;
      readonly list: CategorySearchKey;
      readonly column: number;
      readonly text: string;
      readonly offset: number;
    }
  /** Why an image or a sound of a point did not come. */
  | {
      readonly kind: "explain-media";
      /** What the answer is kept under. */
      readonly key: string;
      readonly place: MediaPlace;
    }
  /** What some points are called, where it was not fetched for all. */
  | { readonly kind: "load-names"; readonly rows: readonly number[] }
  /** Texts of the visible rows of the table. */
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
  | { readonly kind: "export"; readonly what: ExportKind; readonly figure?: FigureChoice }
  /** Put the call in Python that gives these positions into the clipboard. */
  | { readonly kind: "copy-python" }
  /** Open the form in which points are tagged, ready to be typed into. */
  | { readonly kind: "open-tags" }
  /** Try again to save the tags; or keep them in the server's memory. */
  | { readonly kind: "save-tags"; readonly isForSession: boolean }
  /** Tags that were also changed elsewhere: take those, or write one's own over them. */
  | { readonly kind: "settle-tags"; readonly how: "theirs" | "merge" }
  | { readonly kind: "download-tags" }
  | { readonly kind: "reload-log" }
  /** All training runs with their hyperparameters and metrics, as they are now. */
  | { readonly kind: "load-runs" }
  /** Show the panel of a plug-in in an element, and take it away again. */
  | {
      readonly kind: "mount-panel";
      readonly panel: PluginPanel;
      readonly element: HTMLElement;
    }
  | { readonly kind: "unmount-panel"; readonly element: HTMLElement }
  /** Open a dialog to choose files. */
  | { readonly kind: "choose-files" }
  /** Upload files and open what they contain. */
  | { readonly kind: "open-files"; readonly files: readonly File[] }
  | { readonly kind: "open-demo" }
  | { readonly kind: "cancel-drop"; readonly batch: string };

export type RequestKind = PageRequest["kind"];
export type RequestOf<Kind extends RequestKind> = Extract<PageRequest, { readonly kind: Kind }>;
