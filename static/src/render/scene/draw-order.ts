/**
 * The order in which points are drawn, such that any first part of it is an even sample of all.
 * Drawn in file order, the last class of a sorted dataset would cover all others; a true shuffle
 * would cost the GPU its cache.
 */

/** The rows are cut into so many blocks of consecutive ones, and drawn one from each in turn. */
const N_BLOCKS = 256;

/** The position of a row in the draw order of `n` points. */
export function drawRank(index: number, n: number): number {
  const size = blockSize(n, N_BLOCKS);
  return (index % size) * N_BLOCKS + Math.floor(index / size);
}

/** All rows below `n` in draw order. */
export function drawOrder(n: number, nBlocks = N_BLOCKS): Uint32Array {
  const order = new Uint32Array(n);
  const size = blockSize(n, nBlocks);
  let next = 0;
  for (let first = 0; first < size; first++) {
    for (let index = first; index < n; index += size) order[next++] = index;
  }
  return order;
}

function blockSize(n: number, nBlocks: number): number {
  return Math.max(1, Math.ceil(n / nBlocks));
}
