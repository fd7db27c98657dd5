/** The order in which points are drawn: any first part of it is an even sample of all. */

/**
 * Points are drawn as if from this many decks dealt in turn. Drawn in file order, the last class of a
 * sorted dataset would cover all others; a true shuffle would cost the GPU its cache.
 */
const N_DECKS = 256;

/** How early a point comes in the dealt order of so many. */
export function dealtRank(index: number, n: number): number {
  const deck = Math.max(1, Math.ceil(n / N_DECKS));
  return (index % deck) * N_DECKS + Math.floor(index / deck);
}

/** All indices below `n`, dealt in turn from `nDecks` decks of consecutive ones. */
export function dealtOrder(n: number, nDecks = N_DECKS): Uint32Array {
  const order = new Uint32Array(n);
  const deck = Math.max(1, Math.ceil(n / nDecks));
  let next = 0;
  for (let card = 0; card < deck; card++) {
    for (let index = card; index < n; index += deck) order[next++] = index;
  }
  return order;
}
