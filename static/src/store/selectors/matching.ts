/** What is said of the points that views have in common, and what can be chosen. */

import { count } from "../../model/text/format";
import { chosenColumn, type MatchChoice } from "../../model/view/matching";
import { matchKey, rowsBetween } from "../state/matches";
import { nPointsIn } from "../state/point-space";
import type { State } from "../state/state";
import { partnersOf } from "../state/views-state";
import { viewLetter } from "./views";

export interface MatchWords {
  readonly text: string;
  /** One sentence for each other set of points. */
  readonly meaning: string;
  /** Whether some are not matched. */
  readonly isCaution: boolean;
}

export function matchWords(state: State): MatchWords | null {
  const partners = partnersOf(state.views.partners);
  if (partners.length === 0) return null;
  const all = partners.map(([letter, space]) => said(state, letter, space));
  // What is not as one would think comes first.
  const first = all.find(({ isWhole }) => !isWhole) ?? all[0];
  const more =
    all.length > 1 && !all.every(({ isWhole }) => isWhole) ? ` (+${all.length - 1})` : "";
  return {
    text: (first?.text ?? "") + more,
    meaning: all.map(({ meaning }) => meaning).join(" "),
    isCaution: all.some(({ isMatched }) => !isMatched),
  };
}

interface Said {
  readonly text: string;
  readonly meaning: string;
  readonly isMatched: boolean;
  readonly isWhole: boolean;
}

function said(state: State, letter: string, space: string): Said {
  const own = state.views.space;
  const here = viewLetter(state);
  const n = Number(nPointsIn(own));
  const nThere = Number(nPointsIn(space));
  const { answer = null, error = null } = state.matches[matchKey(own, space)] ?? {};
  const map = rowsBetween(state.page.matchBy, state.matches, own, space);
  if (map === "same" && !answer) {
    return {
      text: `${count(n)} matched by row`,
      meaning: `Row by row the points of ${here} are taken for those of ${letter}: they are as many.`,
      isMatched: true,
      isWhole: true,
    };
  }
  if (map && answer) {
    const { n_shared, n_only_a, n_only_b, n_duplicated, by } = answer;
    const only = [
      n_only_a > 0 && `${count(n_only_a)} only in ${here}`,
      n_only_b > 0 && `${count(n_only_b)} only in ${letter}`,
    ].filter(Boolean);
    const of = n_shared === n ? count(n) : `${count(n_shared)} of ${count(n)}`;
    const twice =
      n_duplicated > 0
        ? ` ${count(n_duplicated)} points of ${here} have a value that occurs more than once: they are matched in the order of their rows.`
        : "";
    return {
      text: [`${of} matched by the column ${by}`, only.join(", ")].filter(Boolean).join("; "),
      meaning: `Points of ${here} and ${letter} are the same where their values of ${by} are.${twice}`,
      isMatched: true,
      isWhole: only.length === 0,
    };
  }
  const why =
    error ??
    (answer
      ? "no column names each point of both"
      : n === nThere
        ? "they are of different tensors; choose by what to match them"
        : `they are ${count(n)} and ${count(nThere)}`);
  const isWaiting = state.matches[matchKey(own, space)] !== undefined && !error && !answer;
  return {
    text: isWaiting ? `matching with ${letter} …` : `not matched with ${letter}`,
    meaning: `The points of ${here} and ${letter} are not matched: ${why}.`,
    isMatched: isWaiting,
    isWhole: false,
  };
}

export interface MatchOption {
  readonly value: MatchChoice;
  readonly title: string;
}

/** What the points can be matched by: the columns that the data of this view have. */
export function matchOptions({ work, datasets, page }: State): readonly MatchOption[] {
  const columns = datasets[work.shown?.dataset ?? ""]?.info.columns ?? [];
  const named = columns.filter(({ made_by, name }) => !made_by && name !== "");
  const chosen = chosenColumn(page.matchBy);
  // The data of this view may not have the one that was chosen.
  const names = new Set([...(chosen === null ? [] : [chosen]), ...named.map(({ name }) => name)]);
  return [
    { value: "auto", title: "Match automatically" },
    { value: "row", title: "Match by row" },
    ...[...names].map((name) => ({
      value: `column:${name}` as const,
      title: `Match by the column ${name}`,
    })),
  ];
}

/** How many points of the view are missing in which other ones. */
export function hollowWords(state: State): string | null {
  const own = state.views.space;
  const lacking = partnersOf(state.views.partners).flatMap(([letter, space]) => {
    const { answer, rows } = state.matches[matchKey(own, space)] ?? {};
    return answer && rows && answer.n_only_a > 0 ? [{ letter, n: answer.n_only_a }] : [];
  });
  if (lacking.length === 0) return null;
  const [first] = lacking;
  if (lacking.length === 1 && first) return `${count(first.n)} that ${first.letter} does not have`;
  return lacking.map(({ letter, n }) => `${count(n)} not in ${letter}`).join(", ");
}
