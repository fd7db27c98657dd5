/** Which points two sets of points have in common, row for row or by a column. */
import { byPair } from "../data/by-pair";
import { EMPTY_SELECTION, type Selection } from "./selection";

/** By row where that is possible, else by a column that names the points; or as a person chose. */
export type MatchChoice = "auto" | "row" | `column:${string}`;

/** What the server says of two datasets. */
export interface MatchAnswer {
  /** null: nothing names the points of both. */
  readonly by: string | null;
  /** Columns that both have. */
  readonly columns: readonly string[];
  readonly n_shared: number;
  readonly n_only_a: number;
  readonly n_only_b: number;
  readonly n_duplicated: number;
  readonly warnings: readonly string[];
}

/** For each row of one set its row in the other one; "same" where row i is row i. */
export type RowMap = "same" | Uint32Array;

/** In place of a row: the other set does not have the point. */
export const NO_ROW = 0xffffffff;

export function choiceOf(text: string): MatchChoice {
  return text === "row" || text.startsWith("column:") ? (text as MatchChoice) : "auto";
}

/** The column that was chosen; null where none was. */
export function chosenColumn(choice: MatchChoice): string | null {
  return choice.startsWith("column:") ? choice.slice("column:".length) : null;
}

export function mappedRow(map: RowMap, row: number | null): number | null {
  if (map === "same" || row === null) return row;
  const there = map[row] ?? NO_ROW;
  return there === NO_ROW ? null : there;
}

/** The same rows always come as the same array, so that what did not change is seen not to. */
const mapped = byPair((map: Uint32Array, rows: Selection): Selection => {
  const there = rows.map((row) => map[row] ?? NO_ROW).filter((row) => row !== NO_ROW);
  return there.length === 0 ? EMPTY_SELECTION : there.sort();
});

/** Ascending; without the points that the other set does not have. */
export function mappedRows(map: RowMap, rows: Selection): Selection {
  return map === "same" ? rows : mapped(map, rows);
}

const inverses = new WeakMap<Uint32Array, Map<number, Uint32Array>>();

/** The way back, from a set of `n` points. */
export function inverseOf(map: RowMap, n: number): RowMap {
  if (map === "same") return map;
  const known = inverses.get(map) ?? new Map<number, Uint32Array>();
  inverses.set(map, known);
  let back = known.get(n);
  if (!back) {
    back = new Uint32Array(n).fill(NO_ROW);
    for (let row = 0; row < map.length; row++) {
      const there = map[row] ?? NO_ROW;
      if (there < n) back[there] = row;
    }
    known.set(n, back);
  }
  return back;
}

/** 1 for each point that one of the other sets does not have; null where each has all. */
export function missingRows(maps: readonly RowMap[], nPoints: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  for (const map of maps) {
    if (map === "same" || map.length !== nPoints) continue;
    for (let row = 0; row < nPoints; row++) {
      if (map[row] !== NO_ROW) continue;
      found ??= new Uint8Array(nPoints);
      found[row] = 1;
    }
  }
  return found;
}
