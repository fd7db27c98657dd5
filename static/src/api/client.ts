/** Tells the server which page asks, so that pages take turns when work has to wait. */

/** Named with requests that start work (docs/wire.md). */
export type ClientHeader = Readonly<Record<"Projector-Client", string>>;

/** A new one for each page; random, because nothing is known that tells pages apart. */
export function clientHeader(): ClientHeader {
  const numbers = crypto.getRandomValues(new Uint32Array(2));
  return { "Projector-Client": Array.from(numbers, (each) => each.toString(16)).join("-") };
}
