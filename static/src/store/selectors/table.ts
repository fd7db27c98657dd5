/** Keys that name the content and the order of the table. */
import type { State } from "../state/state";
import type { TextsOf } from "../state/table";

/** Names the shown dataset's files as they are now: a rewritten one is another. */
export function filesKey({ work, datasets }: State): string {
  const id = work.shown?.dataset ?? "";
  return `${id} ${datasets[id]?.revision ?? ""}`;
}

/** Names what the shown dataset's columns say: tags are written over them. */
export function contentKey(state: State): string {
  const { work, datasets } = state;
  return `${filesKey(state)} ${datasets[work.shown?.dataset ?? ""]?.tags ?? ""}`;
}

/** What texts that are fetched now are of. */
export function textsOf(state: State): TextsOf {
  return { files: filesKey(state), content: contentKey(state) };
}

/** Names the order that is wanted; empty for the order of the rows. */
export function orderKey(state: State): string {
  const { column, isDescending } = state.table.order;
  return column === null ? "" : `${contentKey(state)} ${column} ${isDescending ? "down" : "up"}`;
}

/** The texts that there are; those of before a row was tagged, until the new ones are there. */
export function shownTexts(state: State) {
  const { textsOf: of, texts } = state.table;
  return of.files === filesKey(state) ? texts : null;
}
