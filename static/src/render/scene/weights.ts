/** Sizes and opacities of single points: a byte for each, or null where all are alike. */

export interface Weights {
  /** 85 is the standard size, 255 three times it. */
  readonly size: Uint8Array | null;
  /** 255 is the standard opacity. */
  readonly opacity: Uint8Array | null;
}

export const NO_WEIGHTS: Weights = { size: null, opacity: null };

/** Of every point where nothing is given; as the shader reads them, 0 to 1. */
export const STANDARD_SIZE = 1 / 3;
export const STANDARD_OPACITY = 1;

/** The factor of a point's size. */
export function sizeFactor({ size }: Weights, index: number): number {
  return size === null ? 1 : ((size[index] ?? 85) / 255) * 3;
}
