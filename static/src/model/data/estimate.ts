/** How long methods will take, by what was measured on the server's machine. */

export interface Estimate {
  readonly seconds: number;
  /** Of the data that it was measured with. */
  readonly n_points: number;
  readonly n_dims: number;
}

/** By method. */
export type Estimates = Readonly<Record<string, Estimate>>;
