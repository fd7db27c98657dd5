/** What the entries of the legend say, and what a click on one filters by. */
import type { LegendEntry } from "../../model/color/color-style";
import { count } from "../../model/text/format";
import type { ValueKey } from "../../model/view/filter";

/** A category may have the empty text as its name. */
export function categoryName(name: string): string {
  return name === "" ? "(empty)" : name;
}

export function filterKey({ kind, key }: LegendEntry): ValueKey {
  return kind === "category" ? { name: key } : kind;
}

/** `passing` are the points of the entry that the filters leave, `selected` those that are selected. */
export function entryTitle({ count: all }: LegendEntry, passing: number, selected: number): string {
  const parts = [passing === all ? `${count(all)} points` : `${count(passing)} of ${count(all)}`];
  if (selected > 0) parts.push(`${count(selected)} selected`);
  return `${parts.join(", ")}. Click to show only these`;
}
