/** Tags of points. The app saves every table that differs from what the server has. */

import type { ColumnRef } from "../../model/data/dataset";
import {
  columnOf,
  nTagged,
  renamedColumn,
  type TagTable,
  withoutColumn,
  withTag,
} from "../../model/data/tags";
import { shownDataset } from "../selectors/shown";
import { shownTagsKey } from "../selectors/tags";
import { withoutTags } from "../state/edit";
import type { State } from "../state/state";
import type { KeptTags, TagsState } from "../state/tags";
import type { Action } from "../store";

function change(part: Partial<TagsState>): Action {
  return (state) => ({ ...state, tags: { ...state.tags, ...part } });
}

/** Opened to be typed into at once. */
export function openTagging(isOpen: boolean): Action {
  return change({ isOpen, wantsFocus: isOpen });
}

export function tagFieldFocused(): Action {
  return change({ wantsFocus: false });
}

/** null starts a new column. */
export function chooseTagColumn(column: string | null): Action {
  return change({ column });
}

/** Tag rows with a text; null removes their tags. */
export function tagRows(column: string, rows: ArrayLike<number>, text: string | null): Action {
  return (state) => {
    const ofData = shownDataset(state)?.info.columns.find(({ name }) => name === column);
    const isEdit = ofData !== undefined && (ofData.tags?.edits ?? true);
    const edit = (table: TagTable) => {
      const next = withTag(table, column, rows, text);
      const left = columnOf(next, column);
      // An edit without an edited row is none; an own column stays, to be filled again.
      return isEdit && left && nTagged(left) === 0 ? withoutColumn(next, column) : next;
    };
    return change({ column })(changeTable(edit)(state));
  };
}

/** Colors, labels and filters by the column follow its new name. */
export function renameTagColumn(name: string, next: string): Action {
  return (state) => {
    const renamed = changeTable((table) => renamedColumn(table, name, next))(state);
    const { view } = renamed;
    const follow = <T extends ColumnRef | null | undefined>(ref: T): T =>
      ref?.name === name ? { ...ref, name: next } : ref;
    return change({ column: next })({
      ...renamed,
      view: {
        ...view,
        color: follow(view.color),
        label: follow(view.label),
        sizeBy: follow(view.sizeBy),
        opacityBy: follow(view.opacityBy),
        filters: view.filters.map((each) => ({ ...each, column: follow(each.column) })),
      },
    });
  };
}

/** Of a column of the data: as the data has it again. */
export function deleteTagColumn(name: string): Action {
  return (state) =>
    change({ column: null })(changeTable((table) => withoutColumn(table, name))(state));
}

function changeTable(edit: (table: TagTable) => TagTable): Action {
  return (state) => {
    const key = shownTagsKey(state);
    const table = key === null ? undefined : state.tags.tables[key];
    if (key === null || !table) return state;
    const next = edit(table);
    if (next === table) return state;
    return change({ tables: { ...state.tags.tables, [key]: next } })(state);
  };
}

/**
 * What the server has, taken over. It is not an edit of this page: to undo beyond it would take away
 * what others wrote, so what can be undone rests on it from now on.
 */
export function tagsTaken(key: string, kept: KeptTags, wanted: TagTable = kept.table): Action {
  return (state) => ({
    ...state,
    tags: {
      ...state.tags,
      tables: { ...state.tags.tables, [key]: wanted },
      kept: { ...state.tags.kept, [key]: kept },
    },
    edits: withoutTags(state.edits, key),
  });
}

/** How the saving fares; the table that is wanted stays. */
export function keptChanged(key: string, part: Partial<KeptTags>): Action {
  return (state: State) => {
    const kept = state.tags.kept[key];
    if (!kept) return state;
    return change({ kept: { ...state.tags.kept, [key]: { ...kept, ...part } } })(state);
  };
}
