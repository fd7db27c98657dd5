/** The points that are shown. */
import type { Shown } from "../state/state";

export function nPointsOf({ positions }: Pick<Shown, "positions">): number {
  return positions.values.length / positions.dims;
}
