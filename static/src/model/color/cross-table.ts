/** Counts how often each value of one column meets each value of another. */
import { knownCategories } from "../data/dataset";
import type { CodeValues } from "./color-style";

/** Values that have a row or a column of their own, the most frequent. */
export const MOST_NAMES = 12;

export interface CrossTable {
  /** null stands for all rarer values, and for missing ones. */
  readonly rows: readonly (string | null)[];
  readonly columns: readonly (string | null)[];
  /** Row by row. */
  readonly counts: Uint32Array;
  /** Points whose two values read the same, whether they have a row of their own or not. */
  readonly nAlike: number;
  /** Points of which that is not known: both values are too rare to have come with their names. */
  readonly nUnknown: number;
  readonly nPoints: number;
}

/** The places of values in one column: `names.length - 1` where the last one is "others". */
interface Places {
  readonly names: readonly (string | null)[];
  readonly of: (code: number) => number;
}

export function crossTable(
  a: CodeValues,
  b: CodeValues,
  passes: (row: number) => boolean = () => true,
): CrossTable {
  const [rows, columns] = placesOf(a, b);
  const counts = new Uint32Array(rows.names.length * columns.names.length);
  const twins = twinsOf(a, b);
  const [isNamed, isNamedOther] = [namedIn(a), namedIn(b)];
  let nPoints = 0;
  let nAlike = 0;
  let nUnknown = 0;
  for (let at = 0; at < a.codes.length; at++) {
    if (!passes(at)) continue;
    const cell = cellOf(a, b, rows, columns, at);
    counts[cell] = (counts[cell] ?? 0) + 1;
    nPoints += 1;
    const [one, other] = [a.codes[at] as number, b.codes[at] as number];
    if (twins.get(one) === other) nAlike += 1;
    else if (!isNamed(one) && !isNamedOther(other)) nUnknown += 1;
  }
  return { rows: rows.names, columns: columns.names, counts, nAlike, nUnknown, nPoints };
}

/** For each code of one column the code of the same name in the other. */
function twinsOf(a: CodeValues, b: CodeValues): ReadonlyMap<number, number> {
  const codes = new Map(knownCategories(b.categories).map(({ name, rank }) => [name, rank]));
  const found = new Map<number, number>();
  for (const { name, rank } of knownCategories(a.categories)) {
    const code = codes.get(name);
    if (code !== undefined) found.set(rank, code);
  }
  return found;
}

/** Whether the name of a code has come; a missing value has none to come. */
function namedIn({ categories }: CodeValues): (code: number) => boolean {
  const ranks = new Set(knownCategories(categories).map(({ rank }) => rank));
  return (code) => ranks.has(code) || code >= categories.n_categories;
}

/** The points of one cell, ascending. */
export function rowsOfCell(
  a: CodeValues,
  b: CodeValues,
  cell: number,
  passes: (row: number) => boolean = () => true,
): Uint32Array {
  const [rows, columns] = placesOf(a, b);
  const found: number[] = [];
  for (let at = 0; at < a.codes.length; at++) {
    if (passes(at) && cellOf(a, b, rows, columns, at) === cell) found.push(at);
  }
  return Uint32Array.from(found);
}

function cellOf(a: CodeValues, b: CodeValues, rows: Places, columns: Places, at: number): number {
  return rows.of(a.codes[at] as number) * columns.names.length + columns.of(b.codes[at] as number);
}

/** Both in one order where they have values in common, so that the diagonal is where they agree. */
function placesOf(a: CodeValues, b: CodeValues): readonly [Places, Places] {
  const first = inOrder(a.categories.names.slice(0, MOST_NAMES));
  const others = inOrder(b.categories.names.slice(0, MOST_NAMES));
  const shared = first.filter((name) => others.includes(name));
  const second = [...shared, ...others.filter((name) => !shared.includes(name))];
  const rows = [...shared, ...first.filter((name) => !shared.includes(name))];
  return [places(a, rows), places(b, second)];
}

const order = new Intl.Collator("en", { numeric: true });

function inOrder(names: readonly string[]): readonly string[] {
  return [...names].sort(order.compare);
}

function places({ codes, categories }: CodeValues, names: readonly string[]): Places {
  const rest = names.length;
  const found = categories.names.slice(0, MOST_NAMES).map((name) => names.indexOf(name));
  const hasRest = categories.n_categories > found.length || hasMissing(codes, found.length);
  return {
    names: hasRest ? [...names, null] : names,
    of: (code) => found[code] ?? rest,
  };
}

function hasMissing(codes: CodeValues["codes"], n: number): boolean {
  for (let at = 0; at < codes.length; at++) if ((codes[at] as number) >= n) return true;
  return false;
}
