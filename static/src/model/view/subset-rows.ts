/** Rows of a part of a dataset as rows of what it is a part of. */
import type { Selection } from "./selection";

/** `ids` and `above` have the rows in the whole, ascending; null where `above` is the whole. */
export function rowsAbove(rows: Selection, ids: Uint32Array, above: Uint32Array | null): Selection {
  const whole = rows.map((row) => ids[row] ?? 0);
  if (!above) return whole;
  const found = new Uint32Array(whole.length);
  let at = 0;
  whole.forEach((id, nth) => {
    while (at < above.length - 1 && (above[at] ?? 0) < id) at += 1;
    found[nth] = at;
  });
  return found;
}
