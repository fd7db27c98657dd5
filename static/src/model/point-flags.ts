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
  /** Palette slots that the legend isolates: the rest steps back. Empty for none. */
  readonly isolated: readonly number[];
  /** Each point's palette slot; needed where something is isolated. */
  readonly slots: Uint16Array | null;
}

/** Nothing is ever taken away: what a search or the legend leaves out stays as a grey ghost. */
export function pointFlags(attention: Attention): Uint8Array {
  const flags = new Uint8Array(attention.nPoints);
  if (attention.found) {
    flags.fill(POINT_FLAG.ghost);
    for (const index of attention.found) flags[index] = 0;
  }
  if (attention.isolated.length > 0 && attention.slots) {
    const kept = new Set(attention.isolated);
    const slots = attention.slots;
    for (let index = 0; index < flags.length; index++) {
      if (!kept.has(slots[index] ?? -1)) flags[index] = POINT_FLAG.ghost;
    }
  }
  for (const index of attention.neighbors) mark(flags, index, POINT_FLAG.neighbor);
  for (const index of attention.selection) mark(flags, index, POINT_FLAG.selected);
  return flags;
}

function mark(flags: Uint8Array, index: number, flag: number): void {
  if (index < flags.length) flags[index] = (flags[index] ?? 0) | flag;
}
