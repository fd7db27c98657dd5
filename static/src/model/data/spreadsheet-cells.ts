/**
 * Cells of delimited files that a spreadsheet would run: written as text, with an apostrophe. The
 * server writes its files by the same rule, and reads both back (projector/model/spreadsheet_cells.py).
 */

/**
 * What begins a formula: a sign, after what spreadsheets skip (spaces, marks without a width, and
 * quotes, which are skipped where a file has none of its own). The wide forms are those of Japanese
 * and Chinese keyboards.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const SKIPPED = /[\s\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"]*/.source;
const RUNS = new RegExp(`^(?:[\\t\\r\\n\\0]|${SKIPPED}[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20])`);
const NUMBER =
  /^ *(?:[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?|[+-]?(?:inf|infinity|nan)) *$/i;
/** Nearly all cells begin so, and need no closer look. */
const HARMLESS = /^[A-Za-z0-9]/;

/** A number is none that would be run, whatever its sign. */
export function guarded(text: string): string {
  if (HARMLESS.test(text)) return text;
  // A text that begins with apostrophes before such a cell gets another one: it can be read back.
  const cell = text.replace(/^'+/, "");
  return RUNS.test(cell) && !NUMBER.test(cell) ? `'${text}` : text;
}
