/** Writes rows as a short text for addresses and bookmarks, "0-17,20,33-40", and reads it. */
import { type Selection, selectionOf } from "./selection";

/** null where the text would have more than `most` characters: there is no need to write it then. */
export function rowsToText(rows: Selection): string;
export function rowsToText(rows: Selection, most: number): string | null;
export function rowsToText(rows: Selection, most = Number.POSITIVE_INFINITY): string | null {
  const parts: string[] = [];
  let length = -1;
  for (let at = 0; at < rows.length; ) {
    const first = rows[at] ?? 0;
    let last = first;
    while (++at < rows.length && rows[at] === last + 1) last++;
    const part = first === last ? String(first) : `${first}-${last}`;
    length += 1 + part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return parts.join(",");
}

/** What cannot be read is left out. A text may name billions of rows: `most` bounds the work. */
export function textToRows(text: string, most = 20_000_000): Selection {
  const rows: number[] = [];
  for (const part of text.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!match) continue;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || rows.length + (last - first) >= most) continue;
    for (let row = first; row <= last; row++) rows.push(row);
  }
  return selectionOf(rows);
}
