/** The ends of a projection's axes, where a method lets a person choose them. */
import type { Method, Parameter } from "./method";

/** Where the ends of an axis come to be; `name` is what its parameters begin with. */
export interface AxisEnds {
  readonly name: string;
  readonly from_at: number;
  readonly to_at: number;
  readonly length: number;
}

/** The two sets of points that an axis leads between: the axis "x" from `x_from` to `x_to`. */
export function endParameters(
  method: Method | null,
  axis: string,
): { readonly from: Parameter; readonly to: Parameter } | null {
  const find = (end: string) =>
    method?.parameters.find(({ name, kind }) => kind === "points" && name === `${axis}_${end}`);
  const from = find("from");
  const to = find("to");
  return from && to ? { from, to } : null;
}
