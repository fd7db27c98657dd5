/** State of one view: what it shows and how, and what was asked for in it. */
import type { Place } from "../../model/data/listing";
import type { ParameterValue, Params } from "../../model/projection/method";
import type { Neighbors } from "../../model/projection/neighbors";
import type { Positions } from "../../model/projection/projection";
import type { StillPoints } from "../../model/projection/still-points";
import type { Bookmark } from "../../model/view/bookmark";
import type { Selection } from "../../model/view/selection";
import type { Reach, Tool } from "../../model/view/tool";
import { INITIAL_VIEW, type Request, type View } from "../../model/view/view";
import type { CategorySearches } from "./category-search";
import { type ChecksState, NO_CHECKS } from "./checks";
import type { PointedCluster } from "./clusters";
import { type FormulaState, NO_FORMULA } from "./formula";
import { type Answer, IDLE, type Loadable, NO_ANSWER } from "./loadable";
import type { NewStep } from "./new-steps";
import { ownSpaceOf, type PointSpace } from "./point-space";
import { NO_QUERY, type QueryState } from "./query";
import { NO_SUMMARY, type SummaryState } from "./summary";
import { INITIAL_TABLE, type TableState } from "./table";
import type { TagColumn } from "./tags";

/** The projection on the screen; it lags behind what is requested while that is being computed. */
export interface Shown {
  readonly dataset: string;
  readonly projection: string;
  readonly method: string;
  readonly params: Params;
  /** The components that are drawn, where the method kept more of them. */
  readonly components: readonly number[] | null;
  readonly positions: Positions;
  /** Whether more frames will come. */
  readonly isLive: boolean;
}

/** A projection as a person asked for it, with the place it is of. */
export interface ProjectionChoice {
  readonly place: Place | null;
  readonly method: string;
  readonly request: Request;
  readonly components: readonly number[];
}

export interface ShownProjections {
  /** The last request that was sent, and how it fares until it has its answer. */
  readonly asked: string | null;
  readonly request: Loadable<never>;
  readonly shown: Shown | null;
  /** What was on the screen before, to be compared with. */
  readonly before: ProjectionChoice | null;
  /** What was asked for when `shown` came. */
  readonly choice: ProjectionChoice | null;
  /** Whether the camera came with what is requested, from a link or a bookmark, not from the plot. */
  readonly isCameraMeant: boolean;
  /** What was selected in a part of a dataset, until that is shown. */
  readonly carried: { readonly dataset: string; readonly rows: Selection } | null;
  /** What was typed for a parameter and is no value of it, by method and name. */
  readonly mistyped: Readonly<Record<string, Mistyped>>;
}

export interface Mistyped {
  readonly text: string;
  /** The value that it was typed over: once the parameter has another one, it is past. */
  readonly over: ParameterValue;
}

export interface SearchState {
  readonly text: string;
  /** null searches all columns. */
  readonly column: number | null;
  /** Rows that contain the text, ascending. */
  readonly rows: Answer<Uint32Array>;
  /** Of each of these rows the first column that contains it. */
  readonly columns: Uint16Array | null;
}

/**
 * An entry of a legend by what it stands for. Its slot would mean something else as soon as the
 * legend is another one, and the pointer that rests on it does not tell.
 */
export interface PointedEntry {
  readonly column: string;
  /** As in `LegendEntry`. */
  readonly key: string;
}

export interface Findings {
  /** Of the selected point. */
  readonly neighbors: Answer<Neighbors>;
  readonly search: SearchState;
  /** The entry of the legend that the pointer rests on. */
  readonly legendEntry: PointedEntry | null;
  /** The name of a cluster in the plot that the pointer rests on. */
  readonly cluster: PointedCluster | null;
  /** By place: why a point's image or sound cannot be shown. */
  readonly mediaProblems: Readonly<Record<string, string>>;
}

export interface PlotState {
  readonly tool: Tool;
  readonly reach: Reach;
  /** Whether the camera stays where it is when linked ones move, and they when it moves. */
  readonly isCameraFree: boolean;
  /** Whether the steps are being played. */
  readonly isPlaying: boolean;
  /** Whether the next step that is played is not there yet. */
  readonly isStepAwaited: boolean;
  /** The points that are faded because they hardly moved to the step that is played. */
  readonly still: StillPoints | null;
  readonly graphics: "ok" | "lost" | "unavailable";
  /** Whether the plot at rest has all points already. */
  readonly isWhole: boolean;
  /** The share of the drawn points that the camera sees, as it last came to rest. */
  readonly shareInView: number;
}

/** Bookmarks that the log directory has for what is shown; `of` names it. */
export type OfferedBookmarks = Answer<readonly Bookmark[]> & { readonly of: string };

export interface ViewState {
  /** The points that it shows; of its own while it shows none. */
  readonly space: PointSpace;
  readonly view: View;
  readonly work: ShownProjections;
  readonly attention: Findings;
  readonly page: PlotState;
  readonly query: QueryState;
  readonly summary: SummaryState;
  readonly checks: ChecksState;
  readonly formula: FormulaState;
  readonly table: TableState;
  readonly categorySearches: CategorySearches;
  readonly tags: TagColumn;
  readonly newSteps: NewStep;
  readonly offeredBookmarks: OfferedBookmarks;
}

/** A view that shows nothing yet. */
export function freshView(id: string, view: View = INITIAL_VIEW): ViewState {
  return {
    space: ownSpaceOf(id),
    view,
    work: {
      asked: null,
      request: IDLE,
      shown: null,
      before: null,
      choice: null,
      isCameraMeant: false,
      carried: null,
      mistyped: {},
    },
    attention: {
      neighbors: NO_ANSWER,
      search: { text: "", column: null, rows: NO_ANSWER, columns: null },
      legendEntry: null,
      cluster: null,
      mediaProblems: {},
    },
    page: {
      tool: "navigate",
      reach: "through",
      isCameraFree: false,
      isPlaying: false,
      isStepAwaited: false,
      still: null,
      graphics: "ok",
      isWhole: true,
      shareInView: 1,
    },
    query: NO_QUERY,
    summary: NO_SUMMARY,
    checks: NO_CHECKS,
    formula: NO_FORMULA,
    table: INITIAL_TABLE,
    categorySearches: {},
    tags: { column: null },
    newSteps: { newest: null },
    offeredBookmarks: { of: "", ...NO_ANSWER },
  };
}
