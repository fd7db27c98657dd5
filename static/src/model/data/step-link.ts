/** To which step of another run a view goes along with one of its own. */
import { nearestOf } from "./scalars";

/** To the same step, or as far through the training; or each run by itself. */
export type StepLink = "step" | "share" | "off";

/**
 * The step of another run that belongs to one of this run, of those that are stored; null where
 * there is none.
 *
 * @param own Steps of this run, ascending.
 * @param other Steps of the other run, ascending.
 */
export function linkedStep(
  step: number,
  own: readonly number[],
  other: readonly number[],
  link: StepLink,
): number | null {
  const [first, last] = [own[0] ?? step, own.at(-1) ?? step];
  const [low, high] = [other[0] ?? 0, other.at(-1) ?? 0];
  if (link === "off" || other.length === 0) return null;
  if (link === "step" || last === first) return nearestOf(other, step);
  return nearestOf(other, low + ((step - first) / (last - first)) * (high - low));
}
