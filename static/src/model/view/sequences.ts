/** Sequences: lines that connect each point to the one that a `__next__` column names. */
import type { Numbers, NumberValues } from "../color/color-style";
import type { Column } from "../data/dataset";
import type { Selection } from "./selection";

const NAMES = ["__next__", "__seq_next__"];

export interface Sequences {
  /** Two rows for each line. */
  readonly pairs: Uint32Array;
  readonly opacities: Float32Array;
}

export function nextColumn(columns: readonly Column[]): Column | null {
  return columns.find(({ name, kind }) => NAMES.includes(name) && kind === "numeric") ?? null;
}

/** With a selection, the sequences that it touches are drawn strongly and the others faintly. */
export function sequencesOf({ values }: NumberValues, selection: Selection): Sequences {
  const n = values.length;
  const isNext = (row: number) => {
    const next = values[row] ?? Number.NaN;
    return Number.isInteger(next) && next >= 0 && next < n && next !== row;
  };
  let nPairs = 0;
  for (let row = 0; row < n; row++) if (isNext(row)) nPairs++;
  const pairs = new Uint32Array(nPairs * 2);
  const opacities = new Float32Array(nPairs);
  const touched = selection.length > 0 ? touchedRows(values, selection, isNext) : null;
  // A few sequences are clear lines; many are a faint web.
  const opacity = Math.min(0.5, Math.max(0.04, 0.5 * (60 / Math.max(1, nPairs)) ** 0.35));
  let at = 0;
  for (let row = 0; row < n; row++) {
    if (!isNext(row)) continue;
    pairs[at * 2] = row;
    pairs[at * 2 + 1] = values[row] as number;
    opacities[at] = touched === null ? opacity : touched[row] ? 0.9 : opacity * 0.25;
    at++;
  }
  return { pairs, opacities };
}

/** All rows of the sequences that the selection touches, in both directions. */
function touchedRows(
  values: Numbers,
  selection: Selection,
  isNext: (row: number) => boolean,
): Uint8Array {
  const touched = new Uint8Array(values.length);
  const before = new Map<number, number[]>();
  for (let row = 0; row < values.length; row++) {
    if (!isNext(row)) continue;
    const next = values[row] as number;
    const rows = before.get(next);
    if (rows) rows.push(row);
    else before.set(next, [row]);
  }
  const open = [...selection];
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (touched[row] || row >= values.length) continue;
    touched[row] = 1;
    if (isNext(row)) open.push(values[row] as number);
    open.push(...(before.get(row) ?? []));
  }
  return touched;
}
