/** Bookmarks: views saved under a name, and the file that they are exported to and read from. */
import type { NamedSelection } from "./named-selection";
import { rowsToText, textToRows } from "./row-text";

export interface Bookmark {
  readonly name: string;
  /** The part of the page's address after the #, as in a link, but with every selected row. */
  readonly address: string;
  readonly selections: readonly SavedRows[];
}

export interface SavedRows {
  readonly name: string;
  readonly rows: string;
}

const FORMAT = "projector bookmarks";
const VERSION = 1;

export function savedRows(named: readonly NamedSelection[]): readonly SavedRows[] {
  return named.map(({ name, rows }) => ({ name, rows: rowsToText(rows) }));
}

export function namedSelections(saved: readonly SavedRows[]): readonly NamedSelection[] {
  return saved.map(({ name, rows }, at) => ({ id: at + 1, name, rows: textToRows(rows) }));
}

export function bookmarksToText(bookmarks: readonly Bookmark[]): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, bookmarks }, null, 2)}\n`;
}

/**
 * Read a file of projector's or of TensorBoard's bookmarks; the code for the latter comes when it
 * is needed.
 *
 * @throws Error with a message to be shown, where it is neither or of a newer format.
 */
export async function fileToBookmarks(text: string): Promise<readonly Bookmark[]> {
  const found = parsed(text);
  if (!Array.isArray(found)) return bookmarksIn(found);
  const { statesToBookmarks } = await import("./tensorboard-bookmark");
  return statesToBookmarks(found).map((each) => ({ ...each, selections: [] }));
}

/**
 * Read what `bookmarksToText` wrote.
 *
 * @throws Error as `fileToBookmarks`.
 */
export function textToBookmarks(text: string): readonly Bookmark[] {
  return bookmarksIn(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("This file contains no bookmarks: it is not valid JSON.");
  }
}

function bookmarksIn(found: unknown): readonly Bookmark[] {
  const file: Record<string, unknown> = isRecord(found) ? found : {};
  const { format, version, bookmarks } = file;
  if (format !== FORMAT || !Array.isArray(bookmarks)) {
    throw new Error("This file contains no bookmarks from projector or TensorBoard.");
  }
  if (typeof version === "number" && version > VERSION) {
    throw new Error(
      `These bookmarks were saved by a newer version of projector (format ${version}, ` +
        `this version reads ${VERSION}). Update projector to open them.`,
    );
  }
  return bookmarks.filter(isRecord).map(({ name, address, selections }, at) => ({
    name: typeof name === "string" ? name : `View ${at + 1}`,
    address: typeof address === "string" ? address : "",
    selections: savedOf(selections),
  }));
}

export function freshBookmarkName(bookmarks: readonly Bookmark[]): string {
  const taken = new Set(bookmarks.map(({ name }) => name));
  let number = bookmarks.length + 1;
  while (taken.has(`View ${number}`)) number++;
  return `View ${number}`;
}

function savedOf(value: unknown): readonly SavedRows[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .flatMap(({ name, rows }) =>
      typeof name === "string" && typeof rows === "string" ? [{ name, rows }] : [],
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
