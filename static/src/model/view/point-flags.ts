/** What each point is at the moment: one byte a point, as the renderer reads it. */
import type { Selection } from "./selection";

/** The renderer's bits (render/types.ts); a test holds that they are the same. */
export const POINT_FLAG = { hidden: 1, ghost: 2, selected: 4, neighbor: 8 } as const;

export interface Attention {
  readonly nPoints: number;
  readonly selection: Selection;
  readonly neighbors: readonly number[];
  /** Rows that a search found: the rest steps back. null while nothing is searched. */
  readonly found: Uint32Array | null;
  /** Not zero for points that filters leave out; null without filters. */
  readonly failures: Uint8Array | null;
  /** Not zero for points that are out of sight altogether; null without any. */
  readonly hidden: Uint8Array | null;
  /** Whether what is left out by a search or a filter stays as a grey ghost. */
  readonly ghosts: boolean;
  /** The palette slot that the legend points at: the rest steps back for as long. */
  readonly slot: number | null;
  /** Each point's palette slot; needed where the legend points at something. */
  readonly slots: Uint16Array | null;
}

export function pointFlags(attention: Attention): Uint8Array {
  const { nPoints, found, failures, hidden, slot, slots } = attention;
  const flags = new Uint8Array(nPoints);
  const away = attention.ghosts ? POINT_FLAG.ghost : POINT_FLAG.hidden;
  if (found) {
    flags.fill(away);
    for (const index of found) if (index < nPoints) flags[index] = 0;
  }
  if (failures) {
    for (let index = 0; index < nPoints; index++) if (failures[index]) flags[index] = away;
  }
  if (slot !== null && slots) {
    for (let index = 0; index < nPoints; index++) {
      if (slots[index] !== slot && flags[index] === 0) flags[index] = POINT_FLAG.ghost;
    }
  }
  for (const index of attention.neighbors) mark(flags, index, POINT_FLAG.neighbor);
  for (const index of attention.selection) mark(flags, index, POINT_FLAG.selected);
  if (hidden) {
    for (let index = 0; index < nPoints; index++)
      if (hidden[index]) flags[index] = POINT_FLAG.hidden;
  }
  return flags;
}

function mark(flags: Uint8Array, index: number, flag: number): void {
  if (index < flags.length) flags[index] = (flags[index] ?? 0) | flag;
}
