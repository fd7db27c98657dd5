/** Writes a changed state of one view back into the root state. */
import { byPair } from "../model/data/by-pair";
import { mappedRow, mappedRows, type RowMap } from "../model/view/matching";
import type { Selection } from "../model/view/selection";
import type { View } from "../model/view/view";
import { nPointsOf } from "./selectors/points";
import type { DataState } from "./state/data-state";
import { type Edits, withoutPoints, withoutView, withPointsMoved } from "./state/edit";
import { push, startHistory } from "./state/history";
import { NO_ANSWER, ready } from "./state/loadable";
import { rowsBetween } from "./state/matches";
import type { PageState } from "./state/page-state";
import {
  INITIAL_POINTS,
  ownSpaceOf,
  type PointSpace,
  type PointsState,
  pointSpaceOf,
} from "./state/point-space";
import type { RootState } from "./state/root-state";
import { searchingFor } from "./state/search";
import { withShared } from "./state/shared-settings";
import { kept, type State } from "./state/state";
import type { ViewId } from "./state/view-id";
import type { ViewState } from "./state/view-state";

/** `before` is what the view `id` saw of `root`, and `after` what an action made of it. */
export function written(root: RootState, id: ViewId, before: State, after: State): RootState {
  const own = root.views[id];
  if (!own || after === before) return root;
  const space = spaceShown(before, after) ?? own.space;
  const next = {
    ...root,
    page: pageOf(root.page, after),
    data: dataOf(root.data, after),
    views: { ...root.views, [id]: viewOf(own, after) },
  };
  const shared =
    space === own.space
      ? withPoints(next, id, before, after)
      : entered(next, id, space, before, after);
  return withSearch(withCamera(shared, id, before, after), id, before, after);
}

/**
 * One field searches in all views. A column is meant in those of the same points only: in others
 * its number is another column's.
 */
function withSearch(root: RootState, id: ViewId, before: State, after: State): RootState {
  const { text, column } = after.attention.search;
  const known = before.attention.search;
  if (root.order.length === 1 || (text === known.text && column === known.column)) return root;
  const space = root.views[id]?.space ?? "";
  const views: Record<ViewId, ViewState> = { ...root.views };
  for (const other of root.order) {
    const view = views[other];
    if (!view || other === id) continue;
    const inColumn = rowsTo(root, space, view.space) === "same" ? column : null;
    const search = { ...searchingFor(view.attention.search, text), column: inColumn };
    views[other] = { ...view, attention: { ...view.attention, search } };
  }
  return { ...root, views };
}

/** Where cameras are linked, the others see from where this one does. */
function withCamera(root: RootState, id: ViewId, before: State, after: State): RootState {
  const { camera } = after.view;
  const isMoved = camera !== null && camera !== before.view.camera && !after.work.isCameraMeant;
  const isLinked = root.page.page.isCameraLinked && !after.page.isCameraFree;
  if (!isMoved || !isLinked || root.order.length === 1) return root;
  const views: Record<ViewId, ViewState> = { ...root.views };
  for (const other of root.order) {
    const view = views[other];
    const isAlike = view?.work.shown?.positions.dims === after.work.shown?.positions.dims;
    if (!view || other === id || !isAlike || view.page.isCameraFree) continue;
    views[other] = { ...view, view: { ...view.view, camera } };
  }
  return { ...root, views };
}

/** The views that show some points, in the order of the page. */
function viewsIn({ views, order }: RootState, space: PointSpace): readonly ViewId[] {
  return order.filter((id) => views[id]?.space === space);
}

/** Points that no view shows are forgotten, and what was selected among them. */
export function withoutSpace(root: RootState, space: PointSpace): RootState {
  if (viewsIn(root, space).length > 0) return root;
  const { [space]: _, ...points } = root.data.points;
  const edits = withoutPoints(root.page.edits, space);
  return { ...root, page: { ...root.page, edits }, data: { ...root.data, points } };
}

function pageOf(page: PageState, after: State): PageState {
  return kept(page, {
    log: after.log,
    page: taken(page.page, after.page),
    layout: after.layout,
    bookmarks: after.bookmarks,
    fileDrops: after.fileDrops,
    scalars: taken(page.scalars, after.scalars),
    newSteps: taken(page.newSteps, after.newSteps),
    tags: taken(page.tags, after.tags),
    edits: after.edits,
  });
}

function dataOf(data: DataState, after: State): DataState {
  return kept(data, {
    datasets: after.datasets,
    work: taken(data.work, after.work),
    attention: taken(data.attention, after.attention),
    colorOrder: after.colorOrder,
    quality: after.quality,
    clusters: after.clusters,
    drift: after.drift,
    matches: after.matches,
    measures: after.measures,
    runs: after.runs,
    scalars: taken(data.scalars, after.scalars),
    tags: taken(data.tags, after.tags),
    points: data.points,
  });
}

function viewOf(own: ViewState, after: State): ViewState {
  return kept(own, {
    space: own.space,
    view: after.view,
    work: taken(own.work, after.work),
    attention: taken(own.attention, after.attention),
    page: taken(own.page, after.page),
    query: after.query,
    summary: after.summary,
    checks: after.checks,
    formula: after.formula,
    table: after.table,
    categorySearches: after.categorySearches,
    tags: taken(own.tags, after.tags),
    newSteps: taken(own.newSteps, after.newSteps),
    offeredBookmarks: after.offeredBookmarks,
  });
}

/** The fields that `part` has, as `whole` has them. */
function taken<T extends object>(part: T, whole: T): T {
  const names = Object.keys(part) as (keyof T)[];
  if (names.every((name) => part[name] === whole[name])) return part;
  const next = { ...part };
  for (const name of names) next[name] = whole[name];
  return next;
}

/** The points that a view shows now, where they may be others than before. */
function spaceShown(before: State, after: State): PointSpace | null {
  const { shown } = after.work;
  if (!shown || (shown === before.work.shown && after.datasets === before.datasets)) return null;
  const info =
    after.datasets[shown.dataset]?.info ??
    ready(after.log.listing)?.entries.find(({ id }) => id === shown.dataset);
  // What the listing no longer has is known by its id alone.
  return pointSpaceOf(info?.run ?? "", info?.name ?? shown.dataset, nPointsOf(shown));
}

/**
 * Write down what was selected, and let the other views of these points have it, and those of
 * points that are matched with them.
 */
function withPoints(root: RootState, id: ViewId, before: State, after: State): RootState {
  const space = root.views[id]?.space ?? "";
  const known = root.data.points[space] ?? INITIAL_POINTS;
  const points = pointsOf(known, id, before, after);
  const isSame = after.attention.history.present === before.attention.history.present;
  const views: Record<ViewId, ViewState> = { ...root.views };
  for (const other of root.order) {
    const view = views[other];
    const map = view && rowsTo(root, space, view.space);
    if (!view || !map || other === id) continue;
    // Neighbors belong to one point and go with it; its view asks for those of the next.
    const attention = isSame ? view.attention : { ...view.attention, neighbors: NO_ANSWER };
    views[other] = kept(view, {
      ...view,
      attention,
      view: withShared(view.view, mappedView(map, after.view)),
    });
  }
  return {
    ...root,
    views: kept(root.views, views),
    data:
      points === known
        ? root.data
        : withKnown(withMatched(root, space, points, known.history.present), space, points),
  };
}

/**
 * What is selected and hovered, among the points that are matched with some. What was selected
 * `before` is left alone where it still is: of it the others may have more.
 */
export function withMatched(
  root: RootState,
  space: PointSpace,
  points: PointsState,
  before: Selection | null,
): DataState {
  const { present } = points.history;
  let { data } = root;
  for (const { space: other } of Object.values(root.views)) {
    const map = other === space ? null : rowsTo(root, space, other);
    if (!map) continue;
    const known = data.points[other] ?? INITIAL_POINTS;
    const there = mappedRows(map, present);
    const isSame = present === before || known.history.present === there;
    const history = isSame ? known.history : push(known.history, there);
    const next = { ...known, hover: mappedRow(map, points.hover), anchor: null, history };
    data = withKnown(data, other, kept(known, next));
  }
  return data;
}

/** Where the points of one space are in another one; null where they are not matched. */
function rowsTo({ page, data }: RootState, from: PointSpace, to: PointSpace): RowMap | null {
  return rowsBetween(page.page.matchBy, data.matches, from, to);
}

const mappedSteps = byPair((map: Uint32Array, steps: View["isolation"]) =>
  steps.map((each) => ({ ...each, rows: mappedRows(map, each.rows) })),
);

/** What a view has isolated, as rows of other points. */
function mappedView(map: RowMap, view: View): View {
  const { isolation } = view;
  if (map === "same" || isolation.length === 0) return view;
  return { ...view, isolation: mappedSteps(map, isolation) };
}

/**
 * A view shows other points than before. Where another view shows them already, or points that are
 * matched with them, both have one selection from now on; where none does, and there are as many of
 * them (another run, say), the selection is carried over.
 */
function entered(
  root: RootState,
  id: ViewId,
  space: PointSpace,
  before: State,
  after: State,
): RootState {
  const own = root.views[id];
  if (!own) return root;
  const [other] = viewsIn(root, space);
  const matched = root.order.find((each) => {
    const at = root.views[each]?.space ?? "";
    return each !== id && at !== space && rowsTo(root, at, space) !== null;
  });
  const there = root.views[other ?? matched ?? ""];
  const map = (there && rowsTo(root, there.space, space)) ?? "same";
  const points = there
    ? joined(
        pointsThere(root.data, space, there.space, map),
        own.space === ownSpaceOf(id) ? after : null,
      )
    : pointsOf(INITIAL_POINTS, id, before, after);
  const isSame = points.history.present === after.attention.history.present;
  const view: ViewState = {
    ...own,
    space,
    view: there ? withShared(own.view, mappedView(map, there.view)) : own.view,
    attention: isSame ? own.attention : { ...own.attention, neighbors: NO_ANSWER },
  };
  const isCarried = !there && haveAsMany(before, after);
  const next = {
    ...root,
    page: { ...root.page, edits: editsEntering(root, id, space, isCarried) },
    // What a link selects is selected in the views that were there before, too.
    data: withKnown(
      matched && isJoined(root, points, there?.space ?? "", map)
        ? withMatched(root, space, points, null)
        : root.data,
      space,
      points,
    ),
    views: { ...root.views, [id]: view },
  };
  return withoutSpace(next, own.space);
}

/** What is known of some points; of others that are matched with them, what is selected. */
function pointsThere(
  data: DataState,
  space: PointSpace,
  there: PointSpace,
  map: RowMap,
): PointsState {
  const known = data.points[there] ?? INITIAL_POINTS;
  if (there === space) return known;
  return { ...INITIAL_POINTS, history: startHistory(mappedRows(map, known.history.present)) };
}

/** Whether there is more than what was selected there before. */
function isJoined({ data }: RootState, points: PointsState, there: PointSpace, map: RowMap) {
  const known = data.points[there] ?? INITIAL_POINTS;
  return points.history.present !== mappedRows(map, known.history.present);
}

/** What a link selects comes on top of what is selected; else the view takes it over. */
function joined(points: PointsState, link: State | null): PointsState {
  const wanted = link?.attention.history.present;
  return wanted && wanted.length > 0
    ? { ...points, history: push(points.history, wanted) }
    : points;
}

/** What was done among points that are no longer shown cannot be undone. */
function editsEntering(
  { views, page }: RootState,
  id: ViewId,
  space: PointSpace,
  isCarried: boolean,
): Edits {
  const from = views[id]?.space ?? "";
  if (!isCarried) return withoutView(page.edits, id);
  const isLeft = Object.entries(views).some(([other, view]) => other !== id && view.space === from);
  return isLeft ? page.edits : withPointsMoved(page.edits, from, space);
}

function haveAsMany({ work }: State, after: State): boolean {
  const { shown } = after.work;
  return !work.shown || !shown || nPointsOf(work.shown) === nPointsOf(shown);
}

function pointsOf(known: PointsState, id: ViewId, before: State, after: State): PointsState {
  const { hover, anchor, history, named } = after.attention;
  const isPointed = hover !== before.attention.hover || anchor !== before.attention.anchor;
  const at = isPointed ? anchor && { ...anchor, view: id } : known.anchor;
  return kept(known, { hover, anchor: at, history, named });
}

function withKnown(data: DataState, space: PointSpace, points: PointsState): DataState {
  return { ...data, points: { ...data.points, [space]: points } };
}
