/** Which scale suits the numbers of a column, and which of them are too far out to be told apart. */
import type { Numbers, RampTransform } from "./color-style";
import { quantileOf, sampleOf } from "./sample";
import { linear, logarithmic, type Scale } from "./scales";

/** So many values are needed before a hundredth of them says anything. */
const FEWEST = 100;
const TAIL = 0.01;
/** With a smaller part of the scale between the quartiles, most points have nearly one color. */
const NARROWEST = 0.06;
/** Ends that reach less far beyond the bulk than this part of it are not worth a note. */
const WORTH_CLIPPING = 0.2;

/** Linear where that spreads the values, else the logarithm where that does, else their ranks. */
export function fittingTransform(values: Numbers, low: number, high: number): RampTransform {
  const sorted = sampleOf(values);
  if (sorted.length < FEWEST || !(high > low)) return "linear";
  if (spreads(sorted, linear)) return "linear";
  return spreads(sorted, logarithmic) ? "log" : "quantile";
}

function spreads(sorted: Float64Array, scale: (from: number, to: number) => Scale): boolean {
  const [from, to] = [quantileOf(sorted, TAIL), quantileOf(sorted, 1 - TAIL)];
  // One value for nearly all: nothing spreads it, and nothing has to.
  if (!(to > from)) return quantileOf(sorted, 0) === quantileOf(sorted, 1);
  const { shareOf } = scale(from, to);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => shareOf(quantileOf(sorted, share)));
  if (low === undefined || middle === undefined || high === undefined) return true;
  return high - low >= NARROWEST && middle > 0.08 && middle < 0.92;
}

/**
 * The values at 1 % and 99 %, where those beyond reach so far that they would take the colors from
 * the rest; otherwise both ends. `shareOf` says how far that is.
 */
export function clippedEnds(
  values: Numbers,
  [low, high]: readonly [number, number],
  { shareOf }: Scale,
): readonly [number, number] {
  const sorted = sampleOf(values);
  if (sorted.length < FEWEST) return [low, high];
  const [from, to] = [quantileOf(sorted, TAIL), quantileOf(sorted, 1 - TAIL)];
  const bulk = shareOf(to) - shareOf(from);
  if (!(bulk > 0)) return [low, high];
  const isFar = (reach: number) => reach > WORTH_CLIPPING * bulk;
  return [
    isFar(shareOf(from) - shareOf(low)) ? from : low,
    isFar(shareOf(high) - shareOf(to)) ? to : high,
  ];
}
