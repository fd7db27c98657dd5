/** How the points of views are matched: by row, by a column, or not at all. */
import type { MatchAnswer, MatchChoice, RowMap } from "../../model/view/matching";
import { isMatchedByRow, nPointsIn, type PointSpace } from "./point-space";

export interface KnownMatch {
  /** null while it is on its way, and where it could not be made. */
  readonly answer: MatchAnswer | null;
  readonly error: string | null;
  /** null where the points are not matched. */
  readonly rows: RowMap | null;
}

/** By `matchKey`, each pair of point spaces both ways. */
export type Matches = Readonly<Record<string, KnownMatch>>;

export function matchKey(from: PointSpace, to: PointSpace): string {
  return `${from} ${to}`;
}

/** Of the choice and of what the server has answered: where the points of one space are in another. */
export function rowsBetween(
  choice: MatchChoice,
  matches: Matches,
  from: PointSpace,
  to: PointSpace,
): RowMap | null {
  if (from === to) return "same";
  const isByRow =
    choice === "auto"
      ? isMatchedByRow(from, to)
      : choice === "row" && nPointsIn(from) !== null && nPointsIn(from) === nPointsIn(to);
  return isByRow ? "same" : (matches[matchKey(from, to)]?.rows ?? null);
}
