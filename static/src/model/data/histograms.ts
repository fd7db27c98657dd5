/** Histograms of event files as bands of quantiles over steps, and the lengths of vectors likewise. */
import { compact, count } from "../text/format";

/** Of one run: all its tags, and the quantiles of one of them. */
export interface Histograms {
  readonly tags: readonly string[];
  /** null where the run has no histograms. */
  readonly bands: Bands | null;
}

export interface Bands {
  readonly title: string;
  /** Ascending. */
  readonly steps: readonly number[];
  /** Shares of the values that lie below, ascending; an odd number of them, the middle one ½. */
  readonly shares: readonly number[];
  /** Of each step its quantiles; null for those of an empty histogram. */
  readonly quantiles: readonly (readonly (number | null)[])[];
}

export interface BandScale {
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
}

/** The ends of all values. */
export function bandRange({ quantiles }: Bands): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of quantiles) {
    for (const value of row) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** From the outermost pair of quantiles to the innermost one: areas that lie on one another. */
export function bandPaths(bands: Bands, scale: BandScale): readonly string[] {
  const n = bands.shares.length;
  return Array.from({ length: Math.floor(n / 2) }, (_, at) =>
    areaPath(bands, scale, at, n - 1 - at),
  );
}

/** The line of the medians. */
export function medianPath(bands: Bands, scale: BandScale): string {
  const middle = Math.floor(bands.shares.length / 2);
  return parts(bands, middle, middle)
    .map((part) => part.map(({ step, low }) => point(scale, step, low)).join("L"))
    .map((line) => `M${line}`)
    .join("");
}

function areaPath(bands: Bands, scale: BandScale, below: number, above: number): string {
  return parts(bands, below, above)
    .map((part) => {
      const up = part.map(({ step, high }) => point(scale, step, high));
      const down = [...part].reverse().map(({ step, low }) => point(scale, step, low));
      return `M${[...up, ...down].join("L")}Z`;
    })
    .join("");
}

interface Span {
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

/** Steps one after another that have both quantiles: an empty histogram is a gap. */
function parts({ steps, quantiles }: Bands, below: number, above: number): readonly Span[][] {
  const found: Span[][] = [[]];
  for (const [at, step] of steps.entries()) {
    const low = quantiles[at]?.[below] ?? null;
    const high = quantiles[at]?.[above] ?? null;
    if (low === null || high === null) found.push([]);
    else found.at(-1)?.push({ step, low, high });
  }
  return found.filter((part) => part.length > 0);
}

function point({ x, y }: BandScale, step: number, value: number): string {
  return `${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
}

/** "step 20: median 0.5, middle 68 % from 0.1 to 0.9, all from −3 to 4" */
export function bandText({ steps, shares, quantiles }: Bands, at: number): string {
  const row = quantiles[at];
  const name = `step ${count(steps[at] ?? 0)}`;
  const value = (place: number) => row?.[place] ?? null;
  const last = shares.length - 1;
  const middle = value(Math.floor(last / 2));
  if (middle === null) return `${name}: empty`;
  // The pair of quantiles that holds about two thirds, one standard deviation on either side.
  const inner = shares.findIndex((share) => share >= 0.15);
  const within = (shares[last - inner] ?? 1) - (shares[inner] ?? 0);
  const ends = (place: number) =>
    `${compact(value(place) ?? 0, 3)} to ${compact(value(last - place) ?? 0, 3)}`;
  return `${name}: median ${compact(middle, 3)}, middle ${Math.round(100 * within)} % from ${ends(inner)}, all from ${ends(0)}`;
}
