/** The curve, a tick for each stored step, and a marker at the one that is shown. */
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  curvePath,
  logarithmic,
  nearestOf,
  type Series,
  shareOf,
  stepExtent,
  valueAt,
  valueExtent,
} from "../../model/data/scalars";
import { compact, count } from "../../model/text/format";
import { goToStep, moveStep } from "../../store/actions/place";
import { isLogHere } from "../../store/selectors/companions";
import { useSelect, useStore } from "../context";

/** CSS pixels around the curve: a dot on an edge is seen whole, ticks stand below. */
const EDGE = 6;
const TICKS = 12;

export interface TimelineChartProps {
  readonly series: Series;
  /** Steps of the tensor, ascending. */
  readonly stored: readonly number[];
}

export function TimelineChart({ series, stored }: TimelineChartProps): JSX.Element {
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(element);
  const [pointed, setPointed] = useState<number | null>(null);
  const step = useSelect(({ view }) => view.place?.step ?? null);

  const isLog = useSelect(isLogHere);
  const key = stored.join();
  const chart = useMemo(() => {
    const across = stepExtent(series, stored);
    const drawn = isLog ? logarithmic(series) : series;
    const up = valueExtent(drawn);
    const size = {
      width: Math.max(1, width - 2 * EDGE),
      height: Math.max(1, height - EDGE - TICKS),
    };
    return { across, up, size, drawn, path: curvePath(drawn, across, up, size) };
  }, [series, isLog, key, width, height]);
  const x = (at: number) => EDGE + shareOf(chart.across, at) * chart.size.width;
  const y = (value: number) => EDGE + (1 - shareOf(chart.up, value)) * chart.size.height;

  const stepAt = (event: PointerEvent): number | null => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    const share = (event.clientX - left - EDGE) / chart.size.width;
    const { low, high } = chart.across;
    return nearestOf(stored, low + share * (high - low));
  };
  const go = (next: number | null | undefined) => {
    if (next !== null && next !== undefined && next !== step) store.dispatch(goToStep(next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowDown") store.dispatch(moveStep(-1));
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") store.dispatch(moveStep(1));
    else if (event.key === "Home") go(stored[0]);
    else if (event.key === "End") go(stored.at(-1));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={element}
      class="timeline-chart"
      role="slider"
      tabIndex={0}
      aria-label={`Step on the chart of ${series.tag}`}
      aria-valuemin={0}
      aria-valuemax={stored.length - 1}
      aria-valuenow={Math.max(0, stored.indexOf(step ?? 0))}
      aria-valuetext={reading(series, step)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(stepAt(event));
      }}
      onPointerMove={(event) => {
        const at = stepAt(event);
        setPointed(at);
        if (event.buttons & 1) go(at);
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <svg width={width} height={height} aria-hidden="true">
        {stored.map((each) => (
          <line
            key={each}
            class="timeline-tick"
            x1={x(each)}
            x2={x(each)}
            y1={height - 8}
            y2={height - 2}
          />
        ))}
        <path class="timeline-curve" d={chart.path} transform={`translate(${EDGE} ${EDGE})`} />
        {pointed !== null && pointed !== step && (
          <Mark
            kind="is-pointed"
            x={x(pointed)}
            y={level(chart.drawn, pointed, y)}
            height={height}
          />
        )}
        {step !== null && stored.includes(step) && (
          <Mark kind="is-current" x={x(step)} y={level(chart.drawn, step, y)} height={height} />
        )}
      </svg>
      {pointed !== null && (
        <span
          class={x(pointed) > width / 2 ? "timeline-tip is-left" : "timeline-tip"}
          style={{ left: `${x(pointed)}px` }}
        >
          {reading(series, pointed)}
        </span>
      )}
    </div>
  );
}

interface MarkProps {
  readonly kind: "is-pointed" | "is-current";
  readonly x: number;
  readonly y: number | null;
  readonly height: number;
}

function Mark({ kind, x, y, height }: MarkProps): JSX.Element {
  return (
    <g class={`timeline-mark ${kind}`}>
      <line x1={x} x2={x} y1={0} y2={height} />
      {y !== null && <circle cx={x} cy={y} r={3} />}
    </g>
  );
}

function level(series: Series, step: number, y: (value: number) => number): number | null {
  const value = valueAt(series, step);
  return value === null ? null : y(value);
}

function reading(series: Series, step: number | null): string {
  if (step === null) return "";
  const value = valueAt(series, step);
  return `step ${count(step)}${value === null ? "" : `: ${compact(value)}`}`;
}

function useSize(element: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const measure = () => setSize({ width: watched.clientWidth, height: watched.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  return size;
}
