/** Caches positions that were fetched, so that going back to a projection needs no request. */
import type { Positions } from "../../model/projection/projection";

/** 16 projections of a million points in 3D. */
const MAX_BYTES = 192 * 1024 * 1024;

export interface PositionCache {
  get(key: string): Positions | null;
  set(key: string, positions: Positions): void;
}

/** The one that was used longest ago goes first; a Map keeps the order of insertion. */
export function createPositionCache(maxBytes = MAX_BYTES): PositionCache {
  const kept = new Map<string, Positions>();
  let bytes = 0;
  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return null;
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    set(key, positions) {
      bytes += positions.values.byteLength - (kept.get(key)?.values.byteLength ?? 0);
      kept.delete(key);
      kept.set(key, positions);
      for (const [oldest, { values }] of kept) {
        if (bytes <= maxBytes || kept.size === 1) break;
        kept.delete(oldest);
        bytes -= values.byteLength;
      }
    },
  };
}
