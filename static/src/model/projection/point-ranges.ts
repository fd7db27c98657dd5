/** Sets of points as a person writes them: "3, 17, 20-40", or by their labels. */
import { expressionIn, isExpression } from "./expression";

export interface PointSet {
  readonly count: number;
  /** Ascending, each first and last. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

export type ParsedPoints =
  | { readonly set: PointSet }
  /** "king + queen": the server knows which points these are. */
  | { readonly labels: string }
  | { readonly message: string };

/** Read a set; the server reads it the same way, and says the same of a point that is not there. */
export function parsePoints(text: string, nPoints: number | null): ParsedPoints {
  if (isExpression(text)) return { labels: expressionIn(text) };
  // No row number begins with a letter: a word is the label that a search would find.
  if (/^\s*\p{L}/u.test(text)) return { labels: text.trim() };
  const ranges: [number, number][] = [];
  for (const word of text.split(/[\s,]+/).filter((each) => each !== "")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(word);
    if (!match)
      return { message: `"${word}" is not a point. Use row numbers such as 3, 17, 20-40.` };
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (nPoints !== null && Math.max(first, last) >= nPoints) {
      return { message: `Points are numbered 0 to ${nPoints - 1}.` };
    }
    // The server takes a range that runs backwards as an empty one.
    if (first <= last) ranges.push([first, last]);
  }
  const joined = join(ranges);
  const count = joined.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return { set: { count, ranges: joined } };
}

function join(ranges: [number, number][]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.sort((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** Rows, ascending, in as few signs as can be: runs of three and more become ranges. */
export function formatPoints(rows: Iterable<number>): string {
  const pieces: string[] = [];
  let first = -1;
  let last = -1;
  const close = () => {
    if (first < 0) return;
    if (last === first) pieces.push(String(first));
    else if (last === first + 1) pieces.push(String(first), String(last));
    else pieces.push(`${first}-${last}`);
  };
  for (const row of rows) {
    if (first >= 0 && row === last + 1) {
      last = row;
      continue;
    }
    close();
    first = row;
    last = row;
  }
  close();
  return pieces.join(", ");
}

/** Every row of a set, ascending. */
export function rowsOf({ ranges, count }: PointSet): Uint32Array {
  const rows = new Uint32Array(count);
  let at = 0;
  for (const [first, last] of ranges) for (let row = first; row <= last; row++) rows[at++] = row;
  return rows;
}
