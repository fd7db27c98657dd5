/** What names the table's content. */
import type { State } from "../state";

/** Names the shown dataset as it is now: one that was rewritten or tagged is another one. */
export function contentKey({ work, datasets }: State): string {
  const id = work.shown?.dataset ?? "";
  return `${id} ${datasets[id]?.revision ?? ""} ${datasets[id]?.tags ?? ""}`;
}

/** Names the order that is wanted; empty where rows stand by their numbers. */
export function orderKey(state: State): string {
  const { column, isDescending } = state.table.order;
  return column === null ? "" : `${contentKey(state)} ${column} ${isDescending ? "down" : "up"}`;
}
