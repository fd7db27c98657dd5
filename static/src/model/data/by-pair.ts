/** Remembers what follows from two objects, as long as somebody has both. */

/** The same function, which gives the same result for the same two objects and finds it once. */
export function byPair<A extends object, B extends object, T>(
  find: (a: A, b: B) => T,
): (a: A, b: B) => T {
  const known = new WeakMap<A, WeakMap<B, { readonly result: T }>>();
  return (a, b) => {
    const ofFirst = known.get(a) ?? new WeakMap<B, { readonly result: T }>();
    known.set(a, ofFirst);
    const found = ofFirst.get(b) ?? { result: find(a, b) };
    ofFirst.set(b, found);
    return found.result;
  };
}
