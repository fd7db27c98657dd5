/** What is drawn in the chart: the axis with its steps, the curve, the marks. */
import type { JSX } from "preact";
import type { StepState } from "../../store/selectors/step-states";
import type { Cursor } from "../../store/selectors/views";
import { axisNumbers } from "./axis-numbers";
import { EDGE, type TimelineScale } from "./timeline-scale";

export interface TimelineCurveProps {
  readonly scale: TimelineScale;
  readonly stored: readonly number[];
  readonly states: readonly StepState[];
  /** The step that is shown; null where it is not a stored one. */
  readonly step: number | null;
  readonly pointed: number | null;
  /** Where all views are. */
  readonly cursors: readonly Cursor[];
  readonly width: number;
  readonly height: number;
}

export function TimelineCurve(props: TimelineCurveProps): JSX.Element {
  const { scale, stored, states, step, pointed, cursors, width, height } = props;
  const axis = height - 17;
  return (
    <svg width={width} height={height} aria-hidden="true">
      <line class="timeline-axis" x1={EDGE} x2={width - EDGE} y1={axis} y2={axis} />
      {scale.others.map((path, at) => (
        <path
          key={at}
          class="timeline-curve is-other"
          d={path}
          transform={`translate(${EDGE} ${EDGE})`}
        />
      ))}
      <path class="timeline-curve" d={scale.path} transform={`translate(${EDGE} ${EDGE})`} />
      {pointed !== null && pointed !== step && (
        <Mark kind="is-pointed" step={pointed} scale={scale} height={axis} />
      )}
      {stored.map((each, at) => (
        <circle
          key={each}
          class={`timeline-step is-${(states[at] ?? "not yet").replace(" ", "-")}`}
          cx={scale.x(each)}
          cy={axis}
          r={2.75}
        />
      ))}
      {axisNumbers(stored, step, scale.x, width).map((each) => (
        <text
          key={each.step}
          class={`timeline-number${each.step === step ? " is-current" : ""}`}
          x={each.x}
          y={height - 3}
        >
          {each.text}
        </text>
      ))}
      {cursors.length > 1 && <Letters {...{ cursors, scale, width }} height={axis} />}
      {step !== null && <Mark kind="is-current" step={step} scale={scale} height={axis} />}
    </svg>
  );
}

interface LettersProps {
  readonly cursors: readonly Cursor[];
  readonly scale: TimelineScale;
  readonly width: number;
  readonly height: number;
}

/** The letters of the views at their steps; several at one step stand side by side. */
function Letters({ cursors, scale, width, height }: LettersProps): JSX.Element {
  const steps = new Map<number, Cursor[]>();
  for (const cursor of cursors) {
    if (cursor.step === null) continue;
    steps.set(cursor.step, [...(steps.get(cursor.step) ?? []), cursor]);
  }
  return (
    <>
      {[...steps].map(([step, here]) => {
        const x = scale.x(step);
        return (
          <g key={step} class="timeline-cursor">
            {!here.some(({ isOwn }) => isOwn) && <line x1={x} x2={x} y1={0} y2={height} />}
            <text
              x={x > width / 2 ? x - 4 : x + 4}
              y={10}
              text-anchor={x > width / 2 ? "end" : "start"}
            >
              {here.map(({ letter, isOwn }) => (
                <tspan key={letter} class={isOwn ? "is-own" : ""}>
                  {letter}
                </tspan>
              ))}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface MarkProps {
  readonly kind: "is-pointed" | "is-current";
  readonly step: number;
  readonly scale: TimelineScale;
  readonly height: number;
}

function Mark({ kind, step, scale, height }: MarkProps): JSX.Element {
  const x = scale.x(step);
  const y = scale.level(step);
  return (
    <g class={`timeline-mark ${kind}`}>
      <line x1={x} x2={x} y1={0} y2={height} />
      <circle cx={x} cy={y ?? height} r={y === null ? 4 : 3} />
    </g>
  );
}
