/** Tags of one tensor: some columns, each with a text for some of the rows. docs/formats.md has the file. */

export interface TagColumn {
  readonly name: string;
  /** Texts in the order in which they were first used; `codes` count from 1. */
  readonly texts: readonly string[];
  /** A row's text, 0 where it has no tag. */
  readonly codes: Uint32Array;
}

export interface TagTable {
  readonly tensor: string;
  readonly nPoints: number;
  readonly columns: readonly TagColumn[];
}

export const MAX_NAME = 200;
export const MAX_VALUE = 1000;

export function emptyTable(tensor: string, nPoints: number): TagTable {
  return { tensor, nPoints, columns: [] };
}

export function columnOf(table: TagTable, name: string): TagColumn | null {
  return table.columns.find((column) => column.name === name) ?? null;
}

/** Why a text cannot stand in a cell; null where it can. */
export function wrongText(text: string, most: number): string | null {
  if (text === "") return "Enter some text.";
  if ([...text].length > most) return `Use at most ${most} characters.`;
  // The file has neither quotes nor escapes.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(text)
    ? "Tabs, line breaks and control characters are not allowed."
    : null;
}

/** Why a column cannot have a name; null where it can. */
export function wrongName(name: string, taken: readonly string[]): string | null {
  return (
    wrongText(name, MAX_NAME) ??
    (taken.includes(name) ? "A column with this name already exists." : null)
  );
}

/** The table with a text at some rows; null takes the tags away. The same table if nothing changes. */
export function withTag(
  table: TagTable,
  name: string,
  rows: ArrayLike<number>,
  text: string | null,
): TagTable {
  const known = columnOf(table, name);
  if (!known && text === null) return table;
  const column = known ?? { name, texts: [], codes: new Uint32Array(table.nPoints) };
  const at = text === null ? -1 : column.texts.indexOf(text);
  const isNew = text !== null && at < 0;
  const texts = isNew ? [...column.texts, text] : column.texts;
  const code = text === null ? 0 : isNew ? texts.length : at + 1;
  const codes = column.codes.slice();
  let isChanged = known === null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    if (codes[row] !== code) isChanged = true;
    codes[row] = code;
  }
  return isChanged ? withColumn(table, { name, texts, codes }) : table;
}

function withColumn(table: TagTable, column: TagColumn): TagTable {
  const isKnown = columnOf(table, column.name) !== null;
  return {
    ...table,
    columns: isKnown
      ? table.columns.map((each) => (each.name === column.name ? column : each))
      : [...table.columns, column],
  };
}

export function renamedColumn(table: TagTable, name: string, next: string): TagTable {
  return {
    ...table,
    columns: table.columns.map((each) => (each.name === name ? { ...each, name: next } : each)),
  };
}

export function withoutColumn(table: TagTable, name: string): TagTable {
  return { ...table, columns: table.columns.filter((each) => each.name !== name) };
}

export interface ValueCount {
  readonly text: string;
  readonly count: number;
}

/** Every text of a column with the number of its rows, the most frequent first. */
export function valueCounts({ texts, codes }: TagColumn): readonly ValueCount[] {
  const counts = new Uint32Array(texts.length + 1);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return texts
    .map((text, at) => ({ text, count: counts[at + 1] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || byName.compare(a.text, b.text));
}

const byName = new Intl.Collator("en", { numeric: true });

export function nTagged({ codes }: TagColumn): number {
  let n = 0;
  for (const code of codes) if (code > 0) n++;
  return n;
}

/**
 * What both have done since `base`: of a cell that both changed, mine. A column that one of them
 * deleted is gone, unless the other has changed it.
 */
export function merged(base: TagTable, mine: TagTable, theirs: TagTable): TagTable {
  let result = theirs;
  for (const column of mine.columns) {
    const before = columnOf(base, column.name);
    if (before === column) continue;
    result = withColumn(result, mergedColumn(before, column, columnOf(theirs, column.name)));
  }
  for (const before of base.columns) {
    if (columnOf(mine, before.name)) continue;
    const their = columnOf(theirs, before.name);
    if (their && isSame(before, their)) result = withoutColumn(result, before.name);
  }
  return result;
}

function mergedColumn(
  base: TagColumn | null,
  mine: TagColumn,
  theirs: TagColumn | null,
): TagColumn {
  if (!theirs) return mine;
  const texts = [...theirs.texts];
  const codes = theirs.codes.slice();
  const places = new Map(texts.map((text, at) => [text, at + 1]));
  for (let row = 0; row < codes.length; row++) {
    const text = textOf(mine, row);
    if (text === (base ? textOf(base, row) : "")) continue;
    if (text !== "" && !places.has(text)) places.set(text, texts.push(text));
    codes[row] = text === "" ? 0 : (places.get(text) ?? 0);
  }
  return { name: mine.name, texts, codes };
}

function isSame(a: TagColumn, b: TagColumn): boolean {
  return a.codes.every((_, row) => textOf(a, row) === textOf(b, row));
}

function textOf({ texts, codes }: TagColumn, row: number): string {
  return texts[(codes[row] ?? 0) - 1] ?? "";
}

const MAGIC = "# projector-tags ";

/** The file, in pieces: only rows with a tag, ascending. */
export function tableToFile({ tensor, nPoints, columns }: TagTable): string[] {
  const about = JSON.stringify({ version: 1, tensor, n_points: nPoints });
  const pieces = [
    `${MAGIC}${about}\n`,
    `${["row", ...columns.map(({ name }) => name)].join("\t")}\n`,
  ];
  for (let row = 0; row < nPoints; row++) {
    if (!columns.some(({ codes }) => codes[row])) continue;
    pieces.push(`${row}\t${columns.map((column) => textOf(column, row)).join("\t")}\n`);
  }
  return pieces;
}

/** Reads what the server has written: its own reader has checked it. */
export function fileToTable(text: string): TagTable {
  const [first = "", second = "", ...lines] = text.split("\n");
  if (!first.startsWith(MAGIC)) throw new Error("The server's answer is not a tags file.");
  const about = JSON.parse(first.slice(MAGIC.length)) as { tensor: string; n_points: number };
  const columns = second
    .split("\t")
    .slice(1)
    .map((name) => ({
      name,
      texts: [] as string[],
      places: new Map<string, number>(),
      codes: new Uint32Array(about.n_points),
    }));
  for (const line of lines) {
    if (line === "") continue;
    const [row = "", ...cells] = line.split("\t");
    for (const [at, { texts, places, codes }] of columns.entries()) {
      const cell = cells[at] ?? "";
      if (cell === "") continue;
      if (!places.has(cell)) places.set(cell, texts.push(cell));
      codes[Number(row)] = places.get(cell) ?? 0;
    }
  }
  return {
    tensor: about.tensor,
    nPoints: about.n_points,
    columns: columns.map(({ name, texts, codes }) => ({ name, texts, codes })),
  };
}

/** "tag", "tag 2": the first that no column has yet. */
export function freshColumnName(taken: readonly string[]): string {
  let number = 1;
  const name = () => (number === 1 ? "tag" : `tag ${number}`);
  while (taken.includes(name())) number++;
  return name();
}
