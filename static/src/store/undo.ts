/**
 * What can be undone: what is selected, filtered and tagged, how it is colored. The store writes down
 * each change by itself, so no action can forget to.
 */
import { mergedKeys, undoableKeys } from "../model/view/setting";
import { SETTINGS } from "../model/view/settings";
import { type Edit, type Edits, NO_EDITS } from "./state/edit";
import { push } from "./state/history";
import type { State } from "./state/state";

const SETTING_KEYS = undoableKeys(SETTINGS);
/** These follow a moving hand: what is changed within a moment is one change. */
const CONTINUOUS: ReadonlySet<string> = new Set(mergedKeys(SETTINGS));
const MOMENT_MILLISECONDS = 700;

/** Older changes are forgotten: each may hold a selection of a million rows. */
const MAX_PAST = 60;

/** The new state with the change written down, if it is one. */
export function recorded(before: State, after: State, now: number): State {
  // Undo itself, and giving everything up, say what is to be remembered.
  if (before === after || before.edits !== after.edits) return after;
  const changed = changedParts(editOf(before), editOf(after));
  if (changed === "") return after;
  const { past, last, at } = before.edits;
  const goesOn = changed === last && CONTINUOUS.has(changed) && now - at < MOMENT_MILLISECONDS;
  return {
    ...after,
    edits: {
      past: goesOn ? past : [...past, editOf(before)].slice(-MAX_PAST),
      future: [],
      last: changed,
      at: now,
    },
  };
}

export function undone(state: State): State {
  const { past, future } = state.edits;
  const edit = past.at(-1);
  if (!edit) return state;
  return restored(state, edit, {
    ...NO_EDITS,
    past: past.slice(0, -1),
    future: [editOf(state), ...future],
  });
}

export function redone(state: State): State {
  const { past, future } = state.edits;
  const [edit, ...rest] = future;
  if (!edit) return state;
  return restored(state, edit, { ...NO_EDITS, past: [...past, editOf(state)], future: rest });
}

function restored(
  state: State,
  { selection, named, tags: tables, ...view }: Edit,
  edits: Edits,
): State {
  const { attention, tags } = state;
  const isSame = attention.trail.present === selection;
  return {
    ...state,
    edits,
    tags: { ...tags, tables: { ...tags.tables, ...tables } },
    view: { ...state.view, ...view },
    attention: isSame
      ? { ...attention, named }
      : {
          ...attention,
          named,
          trail: push(attention.trail, selection),
          neighbors: { value: null, isLoading: false, error: null },
        },
  };
}

function editOf({ view, attention, tags }: State): Edit {
  return {
    ...Object.fromEntries(SETTING_KEYS.map((key) => [key, view[key]])),
    selection: attention.trail.present,
    named: attention.named,
    tags: tags.tables,
  };
}

function changedParts(a: Edit, b: Edit): string {
  const names = [...SETTING_KEYS, "selection", "named", "tags"] as const;
  return names.filter((name) => a[name] !== b[name]).join();
}
