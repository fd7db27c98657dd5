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
/** Asks for points near what a text means. */
const MEANING = "~";
/** Numbers with commas between: a bracket alone may begin a token such as [UNK]. */
const VECTOR = /^\s*\[\s*[-+.\d][-+.\deE\s]*,/;

/** Whether a search text is a question to the space: an expression, a vector or a meaning. */
export function isExpression(text: string): boolean {
  const start = text.trimStart();
  return start.startsWith(MARK) || start.startsWith(MEANING) || VECTOR.test(text);
}

/** What is asked of the space, as the server takes it. */
export type SpaceQuery =
  | { readonly expression: string }
  | { readonly text: string }
  | { readonly vector: readonly number[] };

/** The question in what `expressionIn` gives; null where a vector cannot be read. */
export function queryIn(expression: string): SpaceQuery | null {
  if (expression.startsWith(MEANING)) return { text: expression.slice(MEANING.length).trim() };
  if (!VECTOR.test(expression)) return { expression };
  const parts = expression.replace(/^\s*\[|\]\s*$/g, "").split(",");
  const vector = parts.map(Number);
  const isRead = parts.every((part) => part.trim() !== "") && vector.every(Number.isFinite);
  return isRead ? { vector } : null;
}

/**
 * The expression in a search text, without the sign that makes it one. A sign at its end is the
 * start of what is still being typed, so it is left out; "" where nothing is asked yet.
 */
export function expressionIn(text: string): string {
  if (!isExpression(text)) return "";
  const start = text.trim();
  if (start.startsWith(MEANING)) return start === MEANING ? "" : start;
  if (!start.startsWith(MARK)) return start;
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
