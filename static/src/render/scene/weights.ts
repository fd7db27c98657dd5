/** What makes single points larger or fainter: a byte each, or nothing for all alike. */

export interface Weights {
  /** 85 is the usual size, 255 three times it. */
  readonly size: Uint8Array | null;
  /** 255 is the usual opacity. */
  readonly opacity: Uint8Array | null;
}

export const NO_WEIGHTS: Weights = { size: null, opacity: null };

/** Where nothing is given, every point has these; as the shader reads them, 0 to 1. */
export const USUAL_SIZE = 1 / 3;
export const USUAL_OPACITY = 1;

/** The factor of a point's size. */
export function sizeFactor({ size }: Weights, index: number): number {
  return size === null ? 1 : ((size[index] ?? 85) / 255) * 3;
}
