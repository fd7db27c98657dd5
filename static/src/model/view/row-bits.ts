/** Writes rows as one bit a point, the lowest bit first, as docs/wire.md has groups of points. */
import type { Selection } from "./selection";

export function rowBits(groups: readonly Selection[], nPoints: number): Uint8Array<ArrayBuffer> {
  const size = Math.ceil(nPoints / 8);
  const bits = new Uint8Array(size * groups.length);
  groups.forEach((rows, at) => {
    for (const row of rows) {
      const place = at * size + (row >> 3);
      if (row < nPoints) bits[place] = (bits[place] ?? 0) | (1 << (row & 7));
    }
  });
  return bits;
}

/** At most `most` of some rows, spread evenly over all of them. */
export function spreadRows(rows: Selection, most: number): Selection {
  if (rows.length <= most) return rows;
  return Uint32Array.from(
    { length: most },
    (_, at) => rows[Math.floor((at * rows.length) / most)] ?? 0,
  );
}
