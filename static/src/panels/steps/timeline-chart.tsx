/** The steps on one axis, with a scalar's curve over them where there is one: a slider. */
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { nearestOf, type Series } from "../../model/data/scalars";
import { count } from "../../model/text/format";
import { goToStep, moveStep } from "../../store/actions/place";
import { isLogHere, seriesElsewhere } from "../../store/selectors/companions";
import { type StepState, stepStates } from "../../store/selectors/step-states";
import { type Cursor, cursors } from "../../store/selectors/views";
import { useSelect, useStore } from "../context";
import { TimelineCurve } from "./timeline-curve";
import { type Lettered, readingAt, useTimelineScale } from "./timeline-scale";

const STATES: Readonly<Record<StepState, string>> = {
  ready: "ready",
  computing: "computing",
  "not yet": "not computed yet",
};

export interface TimelineChartProps {
  readonly series: Series | null;
  /** Steps of the tensor, ascending. */
  readonly stored: readonly number[];
}

export function TimelineChart({ series, stored }: TimelineChartProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const [pointed, setPointed] = useState<number | null>(null);
  const step = useSelect(({ view }) => view.place?.step ?? null);
  const isLog = useSelect(isLogHere);
  const elsewhere = useSelect(seriesElsewhere, [], isEqual);
  const others = useMemo(() => elsewhere.map((each) => each.series), [elsewhere]);
  const marks = useSelect(cursors, [], isEqual);
  const spanned = [...stored, ...marks.flatMap(({ step }) => step ?? [])].sort((a, b) => a - b);
  const scale = useTimelineScale({ series, others, stored: spanned, isLog, ...size });
  const states = useSelect(stepStates, [], isEqual);
  const told = (at: number | null) => {
    const read = series
      ? readingAt(series, at, lettered(series, elsewhere, marks))
      : at === null
        ? ""
        : `step ${count(at)}`;
    const state = states[stored.indexOf(at ?? Number.NaN)];
    return state === undefined || state === "ready" ? read : `${read}, ${STATES[state]}`;
  };
  const { go, onKeyDown } = useSteps(stored, step);

  const stepAt = (event: PointerEvent): number | null => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    return nearestOf(stored, scale.stepAt(event.clientX - left));
  };
  return (
    <div
      ref={element}
      class="timeline-chart"
      role="slider"
      tabIndex={0}
      aria-label="Step"
      aria-valuemin={0}
      aria-valuemax={stored.length - 1}
      aria-valuenow={Math.max(0, stored.indexOf(step ?? 0))}
      aria-valuetext={told(step)}
      data-part={stored.length > 1 ? `step ${step}` : undefined}
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
      <TimelineCurve
        scale={scale}
        stored={stored}
        step={step !== null && stored.includes(step) ? step : null}
        pointed={pointed}
        states={states}
        cursors={marks}
        {...size}
      />
      {pointed !== null && (
        <span
          class={scale.x(pointed) > size.width / 2 ? "timeline-tip is-left" : "timeline-tip"}
          style={{ left: `${scale.x(pointed)}px` }}
        >
          {told(pointed)}
        </span>
      )}
    </div>
  );
}

/** The scalar of every run that is shown, by the letters of its views: own first. */
function lettered(
  series: Series,
  elsewhere: readonly { readonly run: string; readonly series: Series }[],
  marks: readonly Cursor[],
): readonly Lettered[] {
  const own = marks.find(({ isOwn }) => isOwn)?.run;
  const letters = (run: string | null | undefined) =>
    marks.flatMap((mark) => (mark.run === run ? mark.letter : [])).join("");
  return [
    { letters: letters(own), series },
    ...elsewhere.map((each) => ({ letters: letters(each.run), series: each.series })),
  ];
}

/** The ways to another step: by the pointer, and by the keys of a slider. */
function useSteps(stored: readonly number[], step: number | null) {
  const store = useStore();
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
  return { go, onKeyDown };
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
