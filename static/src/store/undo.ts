/**
 * Undo: what is selected, filtered and tagged, how it is colored. The store records each change
 * by itself, so no action can forget to. There is one row of changes for all views.
 */
import { mergedKeys, undoableKeys } from "../model/view/setting";
import { SETTINGS } from "../model/view/settings";
import { type Edit, type Edits, NO_EDITS, type PointParts, type ViewParts } from "./state/edit";
import { push } from "./state/history";
import { NO_ANSWER } from "./state/loadable";
import { INITIAL_POINTS, type PointsState } from "./state/point-space";
import type { RootState } from "./state/root-state";
import type { ViewState } from "./state/view-state";

const SETTING_KEYS = undoableKeys(SETTINGS);
/** These follow a moving hand: what is changed within a moment is one change. */
const CONTINUOUS: ReadonlySet<string> = new Set(mergedKeys(SETTINGS));
const MOMENT_MILLISECONDS = 700;

/** Older changes are forgotten: each may hold a selection of a million rows. */
const MAX_PAST = 60;

/** The new state with the change recorded, if it is one. */
export function recorded(before: RootState, after: RootState, now: number): RootState {
  const { edits } = before.page;
  // Undo itself, and a view that comes to show other points, say what is to be remembered.
  if (before === after || edits !== after.page.edits) return after;
  const { edit, parts } = replaced(before, after);
  const [part] = parts;
  if (part === undefined) return after;
  const last = `${[...parts].join()} ${Object.keys(edit.views).join()}`;
  const isMoving = parts.size === 1 && CONTINUOUS.has(part);
  const goesOn = isMoving && last === edits.last && now - edits.at < MOMENT_MILLISECONDS;
  const past = goesOn ? edits.past : [...edits.past, edit].slice(-MAX_PAST);
  return withEdits(after, { past, future: [], last, at: now });
}

export function undone(root: RootState): RootState {
  const { past, future } = root.page.edits;
  const edit = past.at(-1);
  if (!edit) return root;
  return withEdits(restored(root, edit), {
    ...NO_EDITS,
    past: past.slice(0, -1),
    future: [opposite(root, edit), ...future],
  });
}

export function redone(root: RootState): RootState {
  const { past, future } = root.page.edits;
  const [edit, ...rest] = future;
  if (!edit) return root;
  return withEdits(restored(root, edit), {
    ...NO_EDITS,
    past: [...past, opposite(root, edit)],
    future: rest,
  });
}

function withEdits(root: RootState, edits: Edits): RootState {
  return { ...root, page: { ...root.page, edits } };
}

interface Replaced {
  readonly edit: Edit;
  /** The names of what was replaced. */
  readonly parts: ReadonlySet<string>;
}

/** What `before` had and `after` has no longer, each part with its view or its points. */
function replaced(before: RootState, after: RootState): Replaced {
  const parts = new Set<string>();
  const views: Record<string, ViewParts> = {};
  const points: Record<string, PointParts> = {};
  const tags: Record<string, Edit["tags"][string]> = {};
  for (const [id, { space, view }] of Object.entries(before.views)) {
    const now = after.views[id];
    if (!now) continue;
    const changed = SETTING_KEYS.filter((name) => view[name] !== now.view[name]);
    for (const name of changed) parts.add(name);
    if (changed.length > 0) views[id] = viewParts(view);
    const was = pointParts(before.data.points[space]);
    const is = pointParts(after.data.points[space]);
    if (was.selection !== is.selection) parts.add("selection");
    if (was.named !== is.named) parts.add("named");
    if (was.selection !== is.selection || was.named !== is.named) points[space] = was;
  }
  for (const [space, table] of Object.entries(before.data.tags.tables)) {
    if (after.data.tags.tables[space] === table) continue;
    parts.add("tags");
    tags[space] = table;
  }
  return { edit: { views, points, tags }, parts };
}

/** The change that takes `edit` back, once it is restored. */
function opposite({ views, data }: RootState, edit: Edit): Edit {
  const now = <T, U>(of: Readonly<Record<string, T>>, part: (key: string) => U | undefined) =>
    Object.fromEntries(
      Object.keys(of).flatMap((key) => {
        const value = part(key);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  return {
    views: now(edit.views, (id) => views[id] && viewParts(views[id].view)),
    points: now(edit.points, (space) => pointParts(data.points[space])),
    tags: now(edit.tags, (space) => data.tags.tables[space]),
  };
}

function restored(root: RootState, edit: Edit): RootState {
  const { data } = root;
  const points = { ...data.points };
  const views = { ...root.views };
  for (const [id, parts] of Object.entries(edit.views)) {
    const view = views[id];
    if (view) views[id] = { ...view, view: { ...view.view, ...parts } };
  }
  for (const [space, { selection, named }] of Object.entries(edit.points)) {
    const known = points[space] ?? INITIAL_POINTS;
    const isSame = known.history.present === selection;
    points[space] = {
      ...known,
      named,
      history: isSame ? known.history : push(known.history, selection),
    };
    if (isSame) continue;
    for (const [id, view] of Object.entries(views)) {
      if (view.space === space) views[id] = withoutNeighbors(view);
    }
  }
  const tables = { ...data.tags.tables, ...edit.tags };
  return { ...root, views, data: { ...data, points, tags: { ...data.tags, tables } } };
}

/** They were those of the point that was selected. */
function withoutNeighbors(view: ViewState): ViewState {
  return { ...view, attention: { ...view.attention, neighbors: NO_ANSWER } };
}

function viewParts(view: ViewState["view"]): ViewParts {
  return Object.fromEntries(SETTING_KEYS.map((key) => [key, view[key]]));
}

function pointParts({ history, named }: PointsState = INITIAL_POINTS): PointParts {
  return { selection: history.present, named };
}
