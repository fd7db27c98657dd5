/** Views that show the same points of two datasets, and can be compared. */
import type { MatchChoice } from "../../model/view/matching";
import { type Matches, rowsBetween } from "./matches";
import { letterAt, type ViewId } from "./view-id";
import type { ViewState } from "./view-state";

export interface PairedView {
  readonly id: ViewId;
  /** A, B, C, … in the order of the page. */
  readonly letter: string;
  readonly dataset: string;
}

export interface ViewPair {
  readonly from: PairedView;
  readonly to: PairedView;
}

/** All pairs as one text, which is equal where they are; of the same two datasets the first pair. */
export function pairsText(
  views: Readonly<Record<ViewId, ViewState>>,
  order: readonly ViewId[],
  choice: MatchChoice,
  matches: Matches,
): string {
  const shown = order.flatMap((id, at) => {
    const { space = "", work = null } = views[id] ?? {};
    const dataset = work?.shown?.dataset;
    return dataset ? { id, letter: letterAt(at), dataset, space } : [];
  });
  const found = new Map<string, string>();
  for (const [at, from] of shown.entries()) {
    for (const to of shown.slice(at + 1)) {
      const isSame = rowsBetween(choice, matches, from.space, to.space) !== null;
      if (!isSame || from.dataset === to.dataset) continue;
      const names = [from.dataset, to.dataset].sort().join(" ");
      if (found.has(names)) continue;
      const sides = [from, to].map(({ id, letter, dataset }) => [id, letter, dataset].join(" "));
      found.set(names, sides.join(" "));
    }
  }
  return [...found.values()].join(",");
}

export function pairsOf(text: string): readonly ViewPair[] {
  if (text === "") return [];
  return text.split(",").map((pair) => {
    const [a = "", fromLetter = "", first = "", b = "", toLetter = "", second = ""] =
      pair.split(" ");
    return {
      from: { id: a, letter: fromLetter, dataset: first },
      to: { id: b, letter: toLetter, dataset: second },
    };
  });
}
