/** Writes tables as delimited text, in pieces: a million rows at once would need a gigabyte. */
import { guarded } from "./spreadsheet-cells";

export type Delimiter = "tab" | "comma";

/** Gives each cell of a row, the first line's names apart. */
export interface TextTable {
  readonly names: readonly string[];
  readonly rows: ArrayLike<number>;
  readonly cell: (row: number, column: number) => string;
}

const ROWS_A_PIECE = 20_000;

export function tableToPieces(table: TextTable, delimiter: Delimiter): string[] {
  const clean = delimiter === "tab" ? oneLine : quoted;
  const between = delimiter === "tab" ? "\t" : ",";
  const { names, rows, cell } = table;
  const pieces = [`${names.map(clean).join(between)}\n`];
  for (let start = 0; start < rows.length; start += ROWS_A_PIECE) {
    const end = Math.min(rows.length, start + ROWS_A_PIECE);
    let piece = "";
    for (let at = start; at < end; at++) {
      const row = rows[at] ?? 0;
      piece += `${names.map((_, column) => clean(cell(row, column))).join(between)}\n`;
    }
    pieces.push(piece);
  }
  return pieces;
}

/** Tab-separated files know no quotes: what would break a line or a cell becomes a space. */
function oneLine(text: string): string {
  return guarded(text.replace(/[\t\n\r]+/g, " "));
}

/** RFC 4180. */
function quoted(text: string): string {
  const cell = guarded(text);
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
