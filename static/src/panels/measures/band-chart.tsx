/** Quantiles over steps as bands: the median as a line, around it areas that hold ever more values. */
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import {
  type Bands,
  bandPaths,
  bandRange,
  bandText,
  medianPath,
} from "../../model/data/histograms";
import { nearestOf, shareOf } from "../../model/data/scalars";
import { compact } from "../../model/text/format";
import { goToStep } from "../../store/actions/place";
import { useSelect, useStore } from "../context";
import { rowForKey } from "../controls/list-keys";
import { useBox } from "./size";

/** CSS pixels: of the numbers at the left, of the steps below, and around the bands. */
const NUMBERS = 60;
const STEPS = 18;
const EDGE = 6;

export function BandChart({ bands }: { readonly bands: Bands }): JSX.Element {
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const { width, height } = useBox(element);
  const shown = useSelect(({ view }) => view.place?.step ?? null);
  const { steps, title } = bands;
  const [pointed, setPointed] = useState<number | null>(null);
  const nearest = shown === null ? null : nearestOf(steps, shown);
  const [active, setActive] = useState(Math.max(0, steps.indexOf(nearest ?? Number.NaN)));
  const at = pointed ?? Math.min(active, steps.length - 1);
  const [low, high] = useMemo(() => bandRange(bands), [bands]);
  const scale = useMemo(() => {
    const across = { low: steps[0] ?? 0, high: steps.at(-1) ?? 1 };
    const [w, h] = [
      Math.max(1, width - NUMBERS - 2 * EDGE),
      Math.max(1, height - STEPS - 2 * EDGE),
    ];
    return {
      x: (step: number) => NUMBERS + EDGE + shareOf(across, step) * w,
      y: (value: number) => EDGE + (1 - shareOf({ low, high }, value)) * h,
    };
  }, [steps, low, high, width, height]);
  const under = (event: PointerEvent) => {
    const x = event.clientX - (element.current?.getBoundingClientRect().left ?? 0);
    const by = (one: number) => Math.abs(scale.x(steps[one] ?? 0) - x);
    return steps.reduce((best, _, each) => (by(each) < by(best) ? each : best), 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = SIDEWAYS[event.key] ?? event.key;
    const next = rowForKey(key, { active, count: steps.length, page: 10 });
    if (event.key === "Enter") store.dispatch(goToStep(steps[active] ?? null));
    else if (next === null) return;
    else setActive(next);
    setPointed(null);
    event.preventDefault();
  };
  return (
    <div
      ref={element}
      class="bands"
      role="slider"
      tabIndex={0}
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={steps.length - 1}
      aria-valuenow={Math.min(active, steps.length - 1)}
      aria-valuetext={bandText(bands, Math.min(active, steps.length - 1))}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => setPointed(under(event))}
      onPointerLeave={() => setPointed(null)}
    >
      <svg width={width} height={height} aria-hidden="true">
        {bandPaths(bands, scale).map((path, band) => (
          <path key={band} class="bands-area" d={path} />
        ))}
        <path class="bands-median" d={medianPath(bands, scale)} />
        {[low, high].map((value) => (
          <text key={value} class="bands-number" x={NUMBERS - 4} y={scale.y(value) + 4}>
            {compact(value, 3)}
          </text>
        ))}
        <line
          class="bands-line"
          x1={scale.x(steps[at] ?? 0)}
          x2={scale.x(steps[at] ?? 0)}
          y1={0}
          y2={height - STEPS}
        />
        <Ends steps={steps} x={scale.x} y={height - 4} />
      </svg>
      <p class="bands-tip">{bandText(bands, at)}</p>
    </div>
  );
}

const SIDEWAYS: Readonly<Record<string, string>> = {
  ArrowRight: "ArrowDown",
  ArrowLeft: "ArrowUp",
  ArrowUp: "",
  ArrowDown: "",
};

interface EndsProps {
  readonly steps: readonly number[];
  readonly x: (step: number) => number;
  readonly y: number;
}

/** The first step and the last one. */
function Ends({ steps, x, y }: EndsProps): JSX.Element {
  const ends = [...new Set([steps[0], steps.at(-1)])].filter((each) => each !== undefined);
  return (
    <>
      {ends.map((step, at) => (
        <text
          key={step}
          class="bands-step"
          x={x(step)}
          y={y}
          text-anchor={at === 0 ? "start" : "end"}
        >
          {compact(step)}
        </text>
      ))}
    </>
  );
}
