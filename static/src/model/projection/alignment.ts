/** One picture laid on another: what that changed, and when it can be done. */

/** What laying a picture on another took away, so that only true change is seen as motion. */
export interface Alignment {
  readonly angle_degrees: number;
  readonly scale: number;
  readonly is_mirrored: boolean;
  /** 0: the same shape; 1: no relation. */
  readonly residual: number;
  readonly n_shared: number;
}

/** Another picture that a projection starts from and is laid on, by their ids. */
export interface References {
  readonly initial?: string;
  readonly align_to?: string;
}

/** "turned by 12°, mirrored, scaled 0.98, residual 0.31" */
export function alignmentText(alignment: Alignment): string {
  const { angle_degrees, is_mirrored, scale, residual } = alignment;
  return [
    `turned by ${Math.round(angle_degrees)}°`,
    ...(is_mirrored ? ["mirrored"] : []),
    `scaled ${scale.toFixed(2)}`,
    `residual ${residual.toFixed(2)}`,
  ].join(", ");
}

/** What the residual says, in words. */
export function residualMeaning(residual: number): string {
  if (residual < 0.1) return "nearly the same shape";
  if (residual < 0.4) return "much the same shape";
  if (residual < 0.8) return "another shape in large part";
  return "hardly any relation";
}
