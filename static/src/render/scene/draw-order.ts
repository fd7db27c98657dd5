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

/** The row at a position of the draw order. */
export function rowAtRank(rank: number, n: number): number {
  const size = blockSize(n, N_BLOCKS);
  return (rank % N_BLOCKS) * size + Math.floor(rank / N_BLOCKS);
}

/** Some rows, in draw order; they are sorted in place, as numbers, which needs no comparisons. */
export function inDrawOrder(rows: Uint32Array, n: number): Uint32Array {
  for (let at = 0; at < rows.length; at++) rows[at] = drawRank(rows[at] as number, n);
  rows.sort();
  for (let at = 0; at < rows.length; at++) rows[at] = rowAtRank(rows[at] as number, n);
  return rows;
}

/** Where fewer rows than this part are wanted, they are found in file order and sorted. */
const FEW = 1 / 64;

/** The rows, in draw order, whose byte is one that `isWanted` knows; there are `count` of them. */
export function wantedInDrawOrder(
  bytes: Uint8Array,
  isWanted: Uint8Array,
  count: number,
): Uint32Array {
  const rows = new Uint32Array(count);
  const n = bytes.length;
  let found = 0;
  if (count < n * FEW) {
    for (let index = 0; index < n && found < count; index++) {
      if (isWanted[bytes[index] as number]) rows[found++] = index;
    }
    return inDrawOrder(rows, n);
  }
  const size = blockSize(n, N_BLOCKS);
  for (let first = 0; first < size; first++) {
    for (let index = first; index < n; index += size) {
      if (isWanted[bytes[index] as number]) rows[found++] = index;
    }
  }
  return rows;
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
