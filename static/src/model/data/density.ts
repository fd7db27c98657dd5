/** How many of all points lie where, of a dataset of which only some are shown. */

/** As the server counts it; see docs/wire.md. */
export interface CountedDensity {
  readonly state: "done";
  /** Low and high x, low and high y. */
  readonly bounds: readonly [number, number, number, number];
  /** Rows and columns of the grids, ascending. */
  readonly sides: readonly number[];
  readonly n_points: number;
  readonly n_placed: number;
}

export type Density =
  | { readonly state: "counting"; readonly done: number }
  | { readonly state: "failed"; readonly message: string }
  | CountedDensity;

/** The grid whose cells are not much larger than a pixel, or the finest one. */
export function sideFor(sides: readonly number[], pixels: number): number {
  return sides.find((side) => 2 * side >= pixels) ?? sides.at(-1) ?? 0;
}

/** Of each cell how strongly it is painted, 0 to 255: by the logarithm, as few cells have most. */
export function strengths(counts: Uint32Array): Uint8ClampedArray {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  const scale = 255 / Math.log1p(most || 1);
  return Uint8ClampedArray.from(counts, (count) => Math.log1p(count) * scale);
}
