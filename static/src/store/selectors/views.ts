/** The views of the page, as one of them sees them. */
import type { State } from "../state/state";
import { pairsOf, type ViewPair } from "../state/view-pairs";

/** A, B, C, … in the order of the page. */
export function viewLetter({ views }: State): string {
  return String.fromCharCode(65 + Math.max(0, views.order.indexOf(views.own)));
}

/** The pairs of views of the same points whose datasets this view shows one of. */
export function ownPairs({ views, work }: State): readonly ViewPair[] {
  const own = work.shown?.dataset;
  return pairsOf(views.pairs).filter(({ from, to }) =>
    [from.dataset, to.dataset].includes(own ?? ""),
  );
}

/** What two datasets are called that are compared: by the letters of their views, if both have one. */
export function driftSides({ views }: State, from: string, to: string): readonly [string, string] {
  const found = pairsOf(views.pairs).find(
    (pair) => isBetween(pair, from, to) || isBetween(pair, to, from),
  );
  if (!found) return ["the first", "the second"];
  const { from: a, to: b } = found;
  return a.dataset === from ? [a.letter, b.letter] : [b.letter, a.letter];
}

/** "Drift A→B"; the letters are missing where no two views show what is compared. */
export function driftTitle(state: State, from: string, to: string): string {
  const [a, b] = driftSides(state, from, to);
  return a.length === 1 ? `Drift ${a}→${b}` : "Drift";
}

function isBetween(pair: ViewPair, from: string, to: string): boolean {
  return pair.from.dataset === from && pair.to.dataset === to;
}
