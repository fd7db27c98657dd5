/** Changes that can be undone, one after the other, and where each was made. */

import type { TagTable } from "../../model/data/tags";
import type { NamedSelection } from "../../model/view/named-selection";
import type { Selection } from "../../model/view/selection";
import type { ViewSettings } from "../../model/view/settings";
import type { PointSpace } from "./point-space";
import type { ViewId } from "./view-id";

/** The settings of a view that an undo brings back; the camera, for one, is none. */
export type ViewParts = Partial<ViewSettings>;

export interface PointParts {
  readonly selection: Selection;
  readonly named: readonly NamedSelection[];
}

/** What a change replaced: settings of views, selections of points, tables of tags. */
export interface Edit {
  readonly views: Readonly<Record<ViewId, ViewParts>>;
  readonly points: Readonly<Record<PointSpace, PointParts>>;
  readonly tags: Readonly<Record<PointSpace, TagTable>>;
}

export interface Edits {
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
  /** What was changed last, and when. */
  readonly last: string;
  readonly at: number;
}

export const NO_EDITS: Edits = { past: [], future: [], last: "", at: 0 };

/** Without what was changed in a view. */
export function withoutView(edits: Edits, id: ViewId): Edits {
  return changed(edits, (edit) => ({ ...edit, views: without(edit.views, id) }));
}

/** Without what was selected among some points. */
export function withoutPoints(edits: Edits, space: PointSpace): Edits {
  return changed(edits, (edit) => ({ ...edit, points: without(edit.points, space) }));
}

/** Without what was tagged of some points. */
export function withoutTags(edits: Edits, space: PointSpace): Edits {
  return changed(edits, (edit) => ({ ...edit, tags: without(edit.tags, space) }));
}

/** What was selected among some points, as if it had been among others. */
export function withPointsMoved(edits: Edits, from: PointSpace, to: PointSpace): Edits {
  return changed(edits, (edit) => {
    const parts = edit.points[from];
    return parts ? { ...edit, points: { ...without(edit.points, from), [to]: parts } } : edit;
  });
}

/** A change of which nothing is left is none. */
function changed(edits: Edits, change: (edit: Edit) => Edit): Edits {
  const isLeft = ({ views, points, tags }: Edit) =>
    [views, points, tags].some((part) => Object.keys(part).length > 0);
  return {
    ...edits,
    past: edits.past.map(change).filter(isLeft),
    future: edits.future.map(change).filter(isLeft),
  };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...others } = record;
  return others;
}
