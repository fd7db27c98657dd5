/** Where steps and values of a scalar stand in its chart, in CSS pixels. */
import { useMemo } from "preact/hooks";
import {
  curvePath,
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
  readonly x: (step: number) => number;
  /** The level of the curve at a step; null before its first value. */
  readonly level: (step: number) => number | null;
  /** The step at a place, which need not be a stored one. */
  readonly stepAt: (x: number) => number;
}

export interface TimelineScaleOptions {
  /** null where steps stand alone. */
  readonly series: Series | null;
  readonly stored: readonly number[];
  readonly isLog: boolean;
  readonly width: number;
  readonly height: number;
}

export function useTimelineScale(options: TimelineScaleOptions): TimelineScale {
  const { series, stored, isLog, width, height } = options;
  // The same steps are another array with each listing.
  return useMemo(() => scaleOf(options), [series, stored.join(), isLog, width, height]);
}

function scaleOf({ series, stored, isLog, width, height }: TimelineScaleOptions): TimelineScale {
  const own = series ?? NO_SERIES;
  const across = stepExtent(own, stored);
  const drawn = isLog ? logarithmic(own) : own;
  const up = valueExtent(drawn);
  const size = { width: Math.max(1, width - 2 * EDGE), height: Math.max(1, height - EDGE - AXIS) };
  return {
    path: curvePath(drawn, across, up, size),
    x: (step) => EDGE + shareOf(across, step) * size.width,
    level: (step) => {
      const value = valueAt(drawn, step);
      return value === null ? null : EDGE + (1 - shareOf(up, value)) * size.height;
    },
    stepAt: (x) => across.low + ((x - EDGE) / size.width) * (across.high - across.low),
  };
}

/** "step 500: 0.21" */
export function readingAt(series: Series, step: number | null): string {
  if (step === null) return "";
  const value = valueAt(series, step);
  return `step ${count(step)}${value === null ? "" : `: ${compact(value)}`}`;
}
