/** Expressions such as king - man + woman, and the points nearest to one in the original space. */
import type { Metric } from "./neighbors";

/** A label of an expression and what it means here. */
export interface Term {
  readonly label: string;
  readonly weight: number;
  readonly n_rows: number;
  /** The first few of them. */
  readonly rows: readonly number[];
}

export interface Nearest {
  readonly metric: Metric;
  readonly k: number;
  readonly exact: boolean;
  /** Nearest first. */
  readonly indices: readonly number[];
  readonly distances: readonly number[];
  /** Empty where the query was a set of points. */
  readonly terms: readonly Term[];
}

const MARK = "=";

export function isExpression(text: string): boolean {
  return text.trimStart().startsWith(MARK);
}

/**
 * The expression in a search text, without the sign that makes it one. A sign at its end is the
 * start of what is still being typed, so it is left out; "" where nothing is asked yet.
 */
export function expressionIn(text: string): string {
  if (!isExpression(text)) return "";
  return text
    .trimStart()
    .slice(MARK.length)
    .trim()
    .replace(/\s+[+-]$/, "");
}

/** "/^king/" between slashes is a regular expression; the pattern, or null for plain text. */
export function patternIn(text: string): string | null {
  const found = /^\s*\/(.+)\/\s*$/.exec(text);
  return found?.[1] ?? null;
}

/** "+ king", "− 2 man": a term with its sign, the first one without a plus. */
export function termTitle({ label, weight }: Term, isFirst: boolean): string {
  const sign = weight < 0 ? "− " : isFirst ? "" : "+ ";
  const size = Math.abs(weight);
  return `${sign}${size === 1 ? "" : `${size} × `}${label}`;
}
