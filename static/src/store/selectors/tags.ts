/** Tags of the shown points, and whether they are saved. */
import type { Dataset } from "../../model/data/dataset";
import type { TagTable } from "../../model/data/tags";
import { type PointSpace, pointSpaceOf } from "../state/point-space";
import type { State } from "../state/state";
import type { KeptTags } from "../state/tags";
import { shownDataset } from "./shown";

/** Tags belong to the points of a tensor, at all of its steps with as many of them. */
export function tagsKey({ run, name, n_points }: Dataset): PointSpace {
  return pointSpaceOf(run, name, n_points);
}

export function shownTagsKey(state: State): string | null {
  const data = shownDataset(state);
  return data ? tagsKey(data.info) : null;
}

/** null until the server has answered. */
export function shownTags(state: State): TagTable | null {
  return state.tags.tables[shownTagsKey(state) ?? ""] ?? null;
}

export function shownKept(state: State): KeptTags | null {
  return state.tags.kept[shownTagsKey(state) ?? ""] ?? null;
}

export function isUnsaved({ tags }: State, key: string): boolean {
  return tags.tables[key] !== tags.kept[key]?.table;
}

export function hasUnsaved(state: State): boolean {
  return Object.keys(state.tags.tables).some((key) => isUnsaved(state, key));
}
