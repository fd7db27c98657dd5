/** Where steps and values of a scalar stand in its chart, in CSS pixels. */
import { useMemo } from "preact/hooks";
import {
  curvePath,
  type Extent,
  logarithmic,
  type Series,
  shareOf,
  stepExtent,
  valueAt,
  valueExtent,
} from "../../model/data/scalars";
import { compact, count } from "../../model/text/format";

const NO_SERIES: Series = { tag: "", steps: [], values: [] };

/** CSS pixels around the curve: a dot on an edge is seen whole, the axis stands below. */
export const EDGE = 6;
export const AXIS = 22;

export interface TimelineScale {
  /** The curve, from the corner where its edges meet. */
  readonly path: string;
  /** Those of other runs, on the same scale. */
  readonly others: readonly string[];
  readonly x: (step: number) => number;
  /** The level of the curve at a step; null before its first value. */
  readonly level: (step: number) => number | null;
  /** The step at a place, which need not be a stored one. */
  readonly stepAt: (x: number) => number;
}

export interface TimelineScaleOptions {
  /** null where steps stand alone. */
  readonly series: Series | null;
  /** The same scalar of other runs. */
  readonly others: readonly Series[];
  /** Where steps stand, of other views, too; ascending. */
  readonly stored: readonly number[];
  readonly isLog: boolean;
  readonly width: number;
  readonly height: number;
}

export function useTimelineScale(options: TimelineScaleOptions): TimelineScale {
  const { series, others, stored, isLog, width, height } = options;
  // The same steps are another array with each listing.
  return useMemo(() => scaleOf(options), [series, others, stored.join(), isLog, width, height]);
}

function scaleOf(options: TimelineScaleOptions): TimelineScale {
  const { series, stored, isLog, width, height } = options;
  const own = series ?? NO_SERIES;
  const all = [own, ...options.others];
  const across = joined(all.map((each) => stepExtent(each, stored)));
  const [drawn = own, ...others] = isLog ? all.map(logarithmic) : all;
  const up = joined([drawn, ...others].filter(hasValues).map(valueExtent));
  const size = { width: Math.max(1, width - 2 * EDGE), height: Math.max(1, height - EDGE - AXIS) };
  return {
    path: curvePath(drawn, across, up, size),
    others: others.map((each) => curvePath(each, across, up, size)),
    x: (step) => EDGE + shareOf(across, step) * size.width,
    level: (step) => {
      const value = valueAt(drawn, step);
      return value === null ? null : EDGE + (1 - shareOf(up, value)) * size.height;
    },
    stepAt: (x) => across.low + ((x - EDGE) / size.width) * (across.high - across.low),
  };
}

function hasValues({ values }: Series): boolean {
  return values.some((each) => each !== null && Number.isFinite(each));
}

/** From the lowest of all to the highest. */
function joined(extents: readonly Extent[]): Extent {
  if (extents.length === 0) return { low: 0, high: 1 };
  return {
    low: Math.min(...extents.map(({ low }) => low)),
    high: Math.max(...extents.map(({ high }) => high)),
  };
}

/** A run's scalar with the letters of the views that show the run. */
export interface Lettered {
  readonly letters: string;
  readonly series: Series;
}

/** "step 500: 0.21"; of several runs "step 500: A 0.21 · B 0.34" */
export function readingAt(
  series: Series,
  step: number | null,
  all: readonly Lettered[] = [],
): string {
  if (step === null) return "";
  const read = all.length > 1 ? all : [{ letters: "", series }];
  const texts = read.flatMap((each) => {
    const value = valueAt(each.series, step);
    return value === null ? [] : `${each.letters} ${compact(value)}`.trim();
  });
  return `step ${count(step)}${texts.length === 0 ? "" : `: ${texts.join(" · ")}`}`;
}
