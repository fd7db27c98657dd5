/** One byte for each point that says how it is drawn: hidden, ghost, selected, neighbor. */
import { isBelow } from "../color/category-color";
import type { Selection } from "./selection";

/** Bits combine; the renderer draws the strongest: hidden > selected > neighbor > ghost > below. */
export const POINT_FLAG = {
  /** Not drawn and not pickable. */
  hidden: 1,
  /** Filtered out but kept as grey context: drawn small and pale, below the rest, not pickable. */
  ghost: 2,
  /** Drawn on top, larger, with a ring. */
  selected: 4,
  /** A neighbor of the selection: drawn on top, slightly larger. */
  neighbor: 8,
  /** Without a color of its own: drawn below those that have one. */
  below: 16,
  /** Another view does not have it: drawn as a ring, whatever else it is. */
  hollow: 32,
} as const;

/** What the flags of all points depend on. */
export interface FlagSources {
  readonly nPoints: number;
  readonly selection: Selection;
  readonly neighbors: readonly number[];
  /** Rows that a search found; the other points step back. null while nothing is searched. */
  readonly found: Uint32Array | null;
  /** Not zero for points that filters exclude; null without filters. */
  readonly failures: Uint8Array | null;
  /** Not zero for points that were isolated away or hidden; null without any. */
  readonly hidden: Uint8Array | null;
  /** Whether points that a search or a filter excludes stay as grey ghosts. */
  readonly ghosts: boolean;
  /** The palette slot whose legend entry is hovered: the other points are ghosts meanwhile. */
  readonly slot: number | null;
  /** Each point's palette slot; needed while a legend entry is hovered. */
  readonly slots: Uint16Array | null;
  /** The same where some of the slots are drawn below the others; null where none is. */
  readonly below?: Uint16Array | null;
  /** Not zero for points that another view does not have; null where each has all. */
  readonly missing?: Uint8Array | null;
}

export function pointFlags(sources: FlagSources): Uint8Array {
  const { nPoints, found, failures, hidden, slot, slots, below } = sources;
  const flags = new Uint8Array(nPoints);
  const away = sources.ghosts ? POINT_FLAG.ghost : POINT_FLAG.hidden;
  if (found) {
    flags.fill(away);
    for (let at = 0; at < found.length; at++) flags[found[at] as number] = 0;
  }
  if (failures) {
    for (let index = 0; index < nPoints; index++) if (failures[index]) flags[index] = away;
  }
  if (slot !== null && slots) {
    for (let index = 0; index < nPoints; index++) {
      if (slots[index] !== slot && flags[index] === 0) flags[index] = POINT_FLAG.ghost;
    }
  }
  if (below) {
    for (let index = 0; index < nPoints; index++) {
      if (isBelow(below[index] as number))
        flags[index] = (flags[index] as number) | POINT_FLAG.below;
    }
  }
  if (sources.missing) {
    for (let index = 0; index < nPoints; index++) {
      if (sources.missing[index]) flags[index] = (flags[index] as number) | POINT_FLAG.hollow;
    }
  }
  mark(flags, sources.neighbors, POINT_FLAG.neighbor);
  mark(flags, sources.selection, POINT_FLAG.selected);
  if (hidden) {
    for (let index = 0; index < nPoints; index++)
      if (hidden[index]) flags[index] = POINT_FLAG.hidden;
  }
  return flags;
}

/** Rows beyond the last point are none: an array takes no value there. */
function mark(flags: Uint8Array, rows: ArrayLike<number>, flag: number): void {
  for (let at = 0; at < rows.length; at++) {
    const index = rows[at] as number;
    flags[index] = (flags[index] as number) | flag;
  }
}
