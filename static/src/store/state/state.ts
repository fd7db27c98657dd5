/** The page's whole state: one immutable value. Everything on the screen follows from it. */

import type { CodeValues, NumberValues } from "../../model/color/color-style";
import type { ThemeName } from "../../model/color/palette";
import type { Categories, Dataset, PointValues } from "../../model/data/dataset";
import type { Listing, Place } from "../../model/data/listing";
import type { PackedText } from "../../model/data/packed-text";
import type { Method, Params } from "../../model/projection/method";
import type { Neighbors } from "../../model/projection/neighbors";
import type { Positions, Projection } from "../../model/projection/projection";
import type { Bookmark } from "../../model/view/bookmark";
import type { NamedSelection } from "../../model/view/named-selection";
import { EMPTY_SELECTION, type Selection } from "../../model/view/selection";
import { INITIAL_VIEW, type Request, type View } from "../../model/view/view";
import type { CategorySearches } from "./category-search";
import { type Edits, NO_EDITS } from "./edit";
import { type History, startHistory } from "./history";
import { INITIAL_LAYOUT, type Layout } from "./layout";
import { INITIAL_QUALITY, type QualityState } from "./quality";
import { type Companions, INITIAL_COMPANIONS } from "./side";
import { INITIAL_TABLE, type TableState } from "./table";
import { INITIAL_TAGS, type TagsState } from "./tags";

/** Something that is asked for over the network. */
export type Loadable<T> =
  | { readonly status: "idle" }
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly message: string };

export const IDLE = { status: "idle" } as const;
export const LOADING = { status: "loading" } as const;

export interface Log {
  readonly listing: Loadable<Listing>;
  readonly methods: Loadable<readonly Method[]>;
}

/** The arrays of a column, each fetched only when something needs it. */
export interface ColumnData {
  readonly numbers?: NumberValues;
  readonly codes?: CodeValues;
  readonly text?: PackedText;
  /** All values with their counts: the legend needs the frequent ones only. */
  readonly values?: Categories;
  /** What it was before somebody tagged; shown until the new one has come. */
  readonly isStale?: boolean;
}

export interface Sprite {
  readonly image: ImageBitmap;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  readonly nTiles: number;
}

/** What is known of one dataset. */
export interface DatasetData {
  readonly info: Dataset;
  /** Of its files, when it was fetched; null where the log did not tell. */
  readonly revision: string | null;
  /** Of its tags, likewise. */
  readonly tags: string | null;
  readonly columns: Readonly<Record<number, ColumnData>>;
  readonly sprite: Loadable<Sprite>;
}

/** The picture on the screen; it lags behind what is wanted while that is being computed. */
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

/** A picture as a person asked for it, with the place it is of. */
export interface ProjectionChoice {
  readonly place: Place | null;
  readonly method: string;
  readonly request: Request;
  readonly components: readonly number[];
}

export interface Work {
  /** Every projection that this page has heard of, by id. */
  readonly projections: Readonly<Record<string, Projection>>;
  /** Which projection answers which request (dataset, method, parameters). */
  readonly answers: Readonly<Record<string, string>>;
  /** The last request that was sent, and how it fares until it has its answer. */
  readonly asked: string | null;
  readonly request: Loadable<never>;
  readonly shown: Shown | null;
  /** What was on the screen before, to be compared with. */
  readonly before: ProjectionChoice | null;
  /** What was asked for when `shown` came. */
  readonly sight: ProjectionChoice | null;
}

/** An answer that stays on the screen while the next one is on its way, so that nothing flickers. */
export interface Answer<T> {
  readonly value: T | null;
  readonly isLoading: boolean;
  readonly error: string | null;
}

export const NO_ANSWER = { value: null, isLoading: false, error: null } as const;

export interface SearchState {
  readonly text: string;
  /** null searches all columns. */
  readonly column: number | null;
  /** Rows that contain the text, ascending. */
  readonly rows: Answer<Uint32Array>;
}

/** CSS pixels from the plot's top left corner. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
}

export interface Attention {
  readonly hover: number | null;
  /** Where the hovered point stands in the plot; null where it was pointed at in a list. */
  readonly anchor: Anchor | null;
  /** Points one after the other as they were selected: back and forward walk along it. */
  readonly trail: History<Selection>;
  readonly neighbors: Answer<Neighbors>;
  /** Metadata of points, by `pointKey`. */
  readonly values: Readonly<Record<string, PointValues>>;
  readonly search: SearchState;
  /** By URL: why a point's image or sound cannot be shown. */
  readonly mediaProblems: Readonly<Record<string, string>>;
  /** Selections put aside under a name. */
  readonly named: readonly NamedSelection[];
  /** The palette slot that the pointer rests on in the legend. */
  readonly legendSlot: number | null;
}

/** Metadata may change from step to step, so a row alone does not name it. */
export function pointKey(dataset: string, index: number): string {
  return `${dataset}:${index}`;
}

export interface Notice {
  readonly id: number;
  readonly kind: "info" | "warning" | "error";
  readonly message: string;
}

export type ThemeChoice = "auto" | ThemeName;
export type DialogName = "problems" | "shortcuts" | "palette" | "export";
/** Whether a box or a lasso takes points behind others, too. */
export type Reach = "through" | "front";
export type Tool = "navigate" | "box" | "lasso";

export type InspectorTab = "inspect" | "filter" | "bookmarks";

export interface Page {
  readonly theme: ThemeChoice;
  /** What the system asks for; decides where the choice is "auto". */
  readonly systemTheme: ThemeName;
  readonly tool: Tool;
  readonly reach: Reach;
  /** Whether the steps are being played through, and how long each stays. */
  readonly isPlaying: boolean;
  readonly playSeconds: number;
  readonly dialog: DialogName | null;
  readonly isConnected: boolean;
  readonly graphics: "ok" | "lost" | "unavailable";
  /** Some browsers can not add numbers up in a picture. */
  readonly canDrawDensity: boolean;
  readonly notices: readonly Notice[];
  /** Which part of the right side is open. */
  readonly inspector: InspectorTab;
  /** The last thing said to a screen reader. */
  readonly announcement: string;
}

export interface State extends Companions {
  readonly log: Log;
  readonly view: View;
  readonly datasets: Readonly<Record<string, DatasetData>>;
  readonly work: Work;
  readonly attention: Attention;
  readonly page: Page;
  readonly quality: QualityState;
  readonly table: TableState;
  readonly rarer: CategorySearches;
  readonly tags: TagsState;
  /** What can be undone and redone. */
  readonly edits: Edits;
  readonly layout: Layout;
  readonly bookmarks: readonly Bookmark[];
  /** Those that the log has for what is shown; `of` names it. */
  readonly offered: Answer<readonly Bookmark[]> & { readonly of: string };
}

export const INITIAL_STATE: State = {
  ...INITIAL_COMPANIONS,
  log: { listing: LOADING, methods: LOADING },
  view: INITIAL_VIEW,
  datasets: {},
  work: {
    projections: {},
    answers: {},
    asked: null,
    request: IDLE,
    shown: null,
    before: null,
    sight: null,
  },
  attention: {
    hover: null,
    anchor: null,
    trail: startHistory(EMPTY_SELECTION),
    neighbors: NO_ANSWER,
    values: {},
    search: { text: "", column: null, rows: NO_ANSWER },
    mediaProblems: {},
    named: [],
    legendSlot: null,
  },
  page: {
    theme: "auto",
    systemTheme: "light",
    tool: "navigate",
    reach: "through",
    isPlaying: false,
    playSeconds: 1,
    dialog: null,
    isConnected: true,
    graphics: "ok",
    canDrawDensity: true,
    notices: [],
    announcement: "",
    inspector: "inspect",
  },
  quality: INITIAL_QUALITY,
  table: INITIAL_TABLE,
  rarer: {},
  tags: INITIAL_TAGS,
  edits: NO_EDITS,
  layout: INITIAL_LAYOUT,
  bookmarks: [],
  offered: { of: "", ...NO_ANSWER },
};
