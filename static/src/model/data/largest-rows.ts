/** The rows with the largest values, without sorting a million. */

/** At most `most` rows, the largest first; rows without a number are left out. */
export function largestRows(values: ArrayLike<number>, most: number): Uint32Array {
  const found: number[] = [];
  const valueAt = (place: number) => values[found[place] ?? -1] ?? Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (found.length >= most && value <= valueAt(found.length - 1)) continue;
    let place = found.length;
    while (place > 0 && value > valueAt(place - 1)) place--;
    found.splice(place, 0, row);
    if (found.length > most) found.pop();
  }
  return Uint32Array.from(found);
}
