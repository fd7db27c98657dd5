/**
 * The state as one view sees it: the page's, the shared data and its own, slice by slice. Panels,
 * selectors and actions read and change this and know of no other view.
 */
import type { DataState, KnownProjections, KnownValues } from "./data-state";
import type { NewStepsState } from "./new-steps";
import type { PageSettings, PageState } from "./page-state";
import { type Anchor, INITIAL_POINTS, type PointsState } from "./point-space";
import { INITIAL_ROOT, type RootState } from "./root-state";
import type { ScalarState } from "./scalars";
import type { TagsState } from "./tags";
import type { ViewId } from "./view-id";
import type { Findings, PlotState, ShownProjections, ViewState } from "./view-state";
import { type ViewsState, viewsSeen } from "./views-state";

export type { ColumnData, DatasetData } from "./data-state";
export { pointKey } from "./data-state";
export { type Answer, IDLE, LOADING, type Loadable, NO_ANSWER } from "./loadable";
export type { DialogName, InspectorTab, Log, Notice, ThemeChoice } from "./page-state";
export type { Anchor } from "./point-space";
export type { ProjectionChoice, SearchState, Shown } from "./view-state";

export interface Work extends KnownProjections, ShownProjections {}

export interface Attention extends KnownValues, Findings, Omit<PointsState, "anchor"> {
  /** Where the hovered point stands in this view; null where it was pointed at elsewhere. */
  readonly anchor: Anchor | null;
}

export interface Page extends PageSettings, PlotState {}

type OfPage = Pick<PageState, "log" | "layout" | "bookmarks" | "fileDrops" | "edits">;
type OfData = Pick<
  DataState,
  "datasets" | "colorOrder" | "quality" | "clusters" | "drift" | "matches" | "measures" | "runs"
>;
type OfView = Pick<
  ViewState,
  | "view"
  | "query"
  | "summary"
  | "checks"
  | "formula"
  | "table"
  | "categorySearches"
  | "offeredBookmarks"
>;

export interface State extends OfPage, OfData, OfView {
  readonly views: ViewsState;
  readonly work: Work;
  readonly attention: Attention;
  readonly page: Page;
  readonly scalars: ScalarState;
  readonly tags: TagsState;
  readonly newSteps: NewStepsState;
}

/**
 * What one view sees of the whole. Of `before`, what it saw last, each slice that has not changed
 * is kept, so that whoever watches a slice hears nothing of changes elsewhere.
 */
export function stateOf(root: RootState, id: ViewId, before: State | null = null): State {
  const { page, data } = root;
  const own = root.views[id];
  if (!own) throw new Error(`There is no view ${JSON.stringify(id)}.`);
  const { anchor, ...points } = data.points[own.space] ?? INITIAL_POINTS;
  const here = anchor?.view === id ? anchor : null;
  return kept(before, {
    log: page.log,
    layout: page.layout,
    bookmarks: page.bookmarks,
    fileDrops: page.fileDrops,
    edits: page.edits,
    datasets: data.datasets,
    colorOrder: data.colorOrder,
    quality: data.quality,
    clusters: data.clusters,
    drift: data.drift,
    matches: data.matches,
    measures: data.measures,
    runs: data.runs,
    view: own.view,
    query: own.query,
    summary: own.summary,
    checks: own.checks,
    formula: own.formula,
    table: own.table,
    categorySearches: own.categorySearches,
    offeredBookmarks: own.offeredBookmarks,
    work: kept(before?.work, { ...data.work, ...own.work }),
    attention: kept(before?.attention, {
      ...data.attention,
      ...own.attention,
      ...points,
      anchor: here,
    }),
    page: kept(before?.page, { ...page.page, ...own.page }),
    scalars: kept(before?.scalars, { ...page.scalars, ...data.scalars }),
    tags: kept(before?.tags, { ...page.tags, ...data.tags, ...own.tags }),
    newSteps: kept(before?.newSteps, { ...page.newSteps, ...own.newSteps }),
    views: kept(before?.views, viewsSeen(root, id)),
  });
}

/** `before` where the two agree field by field. */
export function kept<T extends object>(before: T | null | undefined, next: T): T {
  if (!before) return next;
  const names = Object.keys(next) as (keyof T)[];
  return names.every((name) => before[name] === next[name]) ? before : next;
}

/** As the only view of a page that has just been opened sees it. */
export const INITIAL_STATE: State = stateOf(INITIAL_ROOT, INITIAL_ROOT.active);
