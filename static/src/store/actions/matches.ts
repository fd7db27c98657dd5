/** What the server says of the points that views have in common. */
import { inverseOf, type RowMap } from "../../model/view/matching";
import { type KnownMatch, type Matches, matchKey } from "../state/matches";
import { INITIAL_POINTS, type PointSpace } from "../state/point-space";
import type { RootState } from "../state/root-state";
import type { RootAction } from "../store";
import { withMatched } from "../write-back";

/** The server is asked; until it has answered, the two are not matched. */
export function matchAsked(from: PointSpace, to: PointSpace): RootAction {
  return { inRoot: (root) => withKnown(root, from, to, { answer: null, error: null, rows: null }) };
}

export function matchFailed(from: PointSpace, to: PointSpace, error: string): RootAction {
  return { inRoot: (root) => withKnown(root, from, to, { answer: null, error, rows: null }) };
}

/** From now on the two have one selection: that of the active view, where it shows one of them. */
export function matchFound(
  from: PointSpace,
  to: PointSpace,
  answer: NonNullable<KnownMatch["answer"]>,
  rows: RowMap | null,
): RootAction {
  return {
    inRoot(root) {
      const next = withKnown(root, from, to, { answer, error: null, rows });
      if (!rows) return next;
      const isToActive = root.views[root.active]?.space === to;
      const source = isToActive ? to : from;
      const points = root.data.points[source] ?? INITIAL_POINTS;
      if (points.history.present.length === 0) return next;
      // That a match was found is nothing to be undone.
      const page = { ...next.page, edits: { ...next.page.edits } };
      return { ...next, page, data: withMatched(next, source, points, null) };
    },
  };
}

function withKnown(
  root: RootState,
  from: PointSpace,
  to: PointSpace,
  known: KnownMatch,
): RootState {
  const { answer, rows } = known;
  const back: KnownMatch = {
    ...known,
    answer: answer && { ...answer, n_only_a: answer.n_only_b, n_only_b: answer.n_only_a },
    rows: rows && answer && inverseOf(rows, answer.n_shared + answer.n_only_b),
  };
  const matches: Matches = {
    ...root.data.matches,
    [matchKey(from, to)]: known,
    [matchKey(to, from)]: back,
  };
  return { ...root, data: { ...root.data, matches } };
}
