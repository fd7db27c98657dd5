/** Computes the grid, kernel and tone curve of a density, for shaders/density-*. */

/** The tone curve is passed as so many values between an empty and the densest place. */
export const TONE_STEPS = 33;

/** From this share on a place is opaque; denser places have a deeper color. */
export const OPAQUE = 0.7;

/** The widest kernel, in cells to one side of the middle, that the shader's array holds. */
export const MAX_TAPS = 16;

/** Smoothing more cells than these takes too long. */
const MAX_CELLS = 4_500_000;

/** A kernel's standard deviation in cells: finer cells make no difference once they are smoothed. */
const FINEST = 1.25;
const FINEST_MOVING = 0.75;

const WIDEST = 3;

/** Beyond this many standard deviations nothing is left of a kernel. */
const REACH = 3;

/** The grid in which points are counted: a little larger than the picture, because kernels reach in. */
export interface Grid {
  /** Device pixels across one cell. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** Cells beyond each edge of the picture. */
  readonly margin: number;
  /** One side of the kernel, its middle first; in total, with the other side, 1. */
  readonly taps: Float32Array;
  /** The value of a single point in the center of its kernel, at rest. */
  readonly single: number;
}

/**
 * `deviation`: of the kernel, in device pixels; 0 smooths nothing. `share`: of the points that are
 * drawn, below 1 while the picture moves.
 */
export function gridOf(width: number, height: number, deviation: number, share = 1): Grid {
  // Fewer points make a coarser grain; a wider kernel takes it away again.
  const widened = deviation * Math.min(WIDEST, share ** -0.25);
  const least = Math.sqrt((width * height) / MAX_CELLS);
  const finest = share < 1 ? FINEST_MOVING : FINEST;
  const cell = Math.max(1, Math.floor(widened / finest), Math.ceil(least));
  const taps = gaussianTaps(widened / cell);
  // One cell more, because the picture is read between the cells.
  const margin = taps.length;
  return {
    cell,
    columns: Math.ceil(width / cell) + 2 * margin,
    rows: Math.ceil(height / cell) + 2 * margin,
    margin,
    taps,
    single: (gaussianTaps(deviation / cell)[0] as number) ** 2,
  };
}

/**
 * The weight of one point where only a share of them is drawn. With 1 / share each of the few points
 * would be a blot; with 1 the picture would be pale. The square root is between the two.
 */
export function weightAt(share: number): number {
  return share ** -0.5;
}

/** One side of a Gaussian, its middle first, such that the whole of it has the sum 1. */
export function gaussianTaps(deviation: number): Float32Array {
  const radius = Math.min(MAX_TAPS - 1, Math.ceil(REACH * deviation));
  const taps = Float32Array.from({ length: radius + 1 }, (_, at) =>
    at === 0 ? 1 : Math.exp(-0.5 * (at / deviation) ** 2),
  );
  const sum = taps.reduce((total, tap, at) => total + (at === 0 ? tap : 2 * tap), 0);
  return taps.map((tap) => tap / sum);
}

/**
 * Opacity by how dense a place is. `share` is log(1 + count) over that of the densest places, where
 * one point alone, smoothed, is a count of 1: in data, densities differ by thousands, and only a
 * logarithm shows thin and dense places in one picture.
 */
export function toneAt(share: number, opacityScale: number): number {
  // Rises fast at first: a point that stands alone must be seen, too.
  return Math.min(1, (Math.max(0, share) / OPAQUE) ** 0.6 * opacityScale);
}

export function toneTable(opacityScale: number): Float32Array {
  return Float32Array.from({ length: TONE_STEPS }, (_, at) =>
    toneAt(at / (TONE_STEPS - 1), opacityScale),
  );
}
