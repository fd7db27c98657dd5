/** The scalars of a run, and the curve that is drawn of them. */

export interface Series {
  readonly tag: string;
  /** Ascending. */
  readonly steps: readonly number[];
  /** null where the training wrote NaN or infinity. */
  readonly values: readonly (number | null)[];
}

export interface Scalars {
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
}

/** What matters most in a training: the loss that was minimized. */
export function defaultSeries(series: readonly Series[]): Series | null {
  const loss = series.filter(({ tag }) => /loss/i.test(tag));
  return loss.find(({ tag }) => /train/i.test(tag)) ?? loss[0] ?? series[0] ?? null;
}

export function chosenSeries(series: readonly Series[], tag: string | null): Series | null {
  return series.find((each) => each.tag === tag) ?? defaultSeries(series);
}

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** From the first to the last step of anything that is drawn. */
export function stepExtent(series: Series, stored: readonly number[]): Extent {
  const ends = [series.steps[0], series.steps.at(-1), stored[0], stored.at(-1)];
  return extentOf(ends.filter((each) => each !== undefined));
}

export function valueExtent({ values }: Series): Extent {
  return extentOf(values.filter((each) => each !== null && Number.isFinite(each)));
}

function extentOf(numbers: readonly (number | null)[]): Extent {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const each of numbers) {
    if (each === null) continue;
    if (each < low) low = each;
    if (each > high) high = each;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** 0 to 1; a single value stands in the middle. */
export function shareOf({ low, high }: Extent, value: number): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}

/** A loss that has fallen to a fortieth is a flat line ever after, unless factors count the same. */
const MANY_TIMES = 40;

export function fitsLogarithm({ low, high }: Extent): boolean {
  return low > 0 && high / low >= MANY_TIMES;
}

/** The logarithms of a series, for a scale on which equal factors are equal ways. */
export function logarithmic(series: Series): Series {
  const values = series.values.map((each) => (each !== null && each > 0 ? Math.log(each) : null));
  return { ...series, values };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The curve as an SVG path. Where many values fall into one pixel column its lowest and its
 * highest are drawn, so that a spike of one step is seen among a million.
 */
export function curvePath(series: Series, across: Extent, up: Extent, size: Size): string {
  const { width, height } = size;
  const place = (step: number) => shareOf(across, step) * width;
  const level = (value: number) => (1 - shareOf(up, value)) * height;
  const pieces: string[] = [];
  let isDown = false;
  let column = -1;
  let low = 0;
  let high = 0;
  let last = 0;
  const draw = (x: number, y: number) => {
    pieces.push(`${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`);
    isDown = true;
  };
  const flush = () => {
    if (column < 0) return;
    const x = column + 0.5;
    // The way out is the side where the column's last value is.
    const [first, second] = last - low < high - last ? [high, low] : [low, high];
    draw(x, level(first));
    if (high > low) draw(x, level(second));
    column = -1;
  };
  const isDense = series.steps.length > 2 * width;
  for (const [at, step] of series.steps.entries()) {
    const value = series.values[at];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      flush();
      isDown = false;
    } else if (!isDense) {
      draw(place(step), level(value));
    } else {
      const here = Math.floor(place(step));
      if (here !== column) {
        flush();
        column = here;
        low = value;
        high = value;
      }
      low = Math.min(low, value);
      high = Math.max(high, value);
      last = value;
    }
  }
  flush();
  return pieces.join("");
}

/** The value that was the last word at a step; null before the first one. */
export function valueAt({ steps, values }: Series, step: number): number | null {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return values[low - 1] ?? null;
}

/** The stored step that stands nearest; null where there is none. */
export function nearestOf(stored: readonly number[], step: number): number | null {
  let best: number | null = null;
  for (const each of stored) {
    if (best === null || Math.abs(each - step) < Math.abs(best - step)) best = each;
  }
  return best;
}
