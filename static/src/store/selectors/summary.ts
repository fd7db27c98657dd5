/** What the selection is compared with, and its quality. */
import { SCORES, type Score } from "../../model/projection/quality";
import type { NamedSelection } from "../../model/view/named-selection";
import type { Selection } from "../../model/view/selection";
import type { State } from "../state/state";
import { scoreData } from "./quality";
import { selection } from "./shown";

/** The saved selection that the present one is compared with; null for all other points. */
export function comparedWith(state: State): NamedSelection | null {
  const { against } = state.summary;
  const found = state.attention.named.find(({ id }) => id === against) ?? null;
  // A selection differs from itself in nothing.
  return found && found.rows !== selection(state) ? found : null;
}

export interface ScoreOfRows {
  readonly score: Score;
  readonly mean: number;
  readonly meanOfAll: number;
}

/** The mean scores of some points and of all; none before they are measured. */
export function scoresOfRows(state: State, rows: Selection): readonly ScoreOfRows[] {
  return SCORES.flatMap((score) => {
    const values = scoreData(state, score)?.numbers.values;
    if (!values) return [];
    const mean = meanOf(values, rows);
    return Number.isNaN(mean) ? [] : [{ score, mean, meanOfAll: meanOf(values, null) }];
  });
}

function meanOf(values: ArrayLike<number>, rows: Selection | null): number {
  const { length } = rows ?? values;
  let sum = 0;
  let n = 0;
  for (let at = 0; at < length; at++) {
    const value = values[rows ? (rows[at] ?? 0) : at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    n += 1;
  }
  return n === 0 ? Number.NaN : sum / n;
}
