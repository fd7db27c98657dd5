/** The alignment of one projection to another: what it changed, in numbers and in words. */

/** What was taken away so that only real change is seen as motion. */
export interface Alignment {
  readonly angle_degrees: number;
  readonly scale: number;
  readonly is_mirrored: boolean;
  /** 0: the same shape; 1: no relation. */
  readonly residual: number;
  readonly n_shared: number;
}

/** Another projection that one starts from and is aligned to, by their ids. */
export interface References {
  readonly initial?: string;
  readonly align_to?: string;
  /** Whose values name points, where a person chose it. */
  readonly label_column?: number;
}

/** "rotated by 12°, mirrored, scaled 0.98, residual 0.31" */
export function alignmentText(alignment: Alignment): string {
  const { angle_degrees, is_mirrored, scale, residual } = alignment;
  return [
    `rotated by ${Math.round(angle_degrees)}°`,
    ...(is_mirrored ? ["mirrored"] : []),
    `scaled ${scale.toFixed(2)}`,
    `residual ${residual.toFixed(2)}`,
  ].join(", ");
}

/** What the residual means, in words that follow "these two are". */
export function residualMeaning(residual: number): string {
  if (residual < 0.1) return "nearly the same";
  if (residual < 0.4) return "similar";
  if (residual < 0.8) return "mostly different";
  return "unrelated";
}
