/** A number for each object: a selection may have a million rows, too many to be compared. */
export function numbering<T extends object>(): (value: T) => number {
  const numbers = new WeakMap<T, number>();
  let next = 0;
  return (value) => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    next += 1;
    numbers.set(value, next);
    return next;
  };
}
