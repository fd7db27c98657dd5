/** What is drawn in the chart: the axis with its steps, the curve, the marks. */
import type { JSX } from "preact";
import type { StepState } from "../../store/selectors/step-states";
import { axisNumbers } from "./axis-numbers";
import { EDGE, type TimelineScale } from "./timeline-scale";

export interface TimelineCurveProps {
  readonly scale: TimelineScale;
  readonly stored: readonly number[];
  readonly states: readonly StepState[];
  /** The step that is shown; null where it is not a stored one. */
  readonly step: number | null;
  readonly pointed: number | null;
  readonly width: number;
  readonly height: number;
}

export function TimelineCurve(props: TimelineCurveProps): JSX.Element {
  const { scale, stored, states, step, pointed, width, height } = props;
  const axis = height - 17;
  return (
    <svg width={width} height={height} aria-hidden="true">
      <line class="timeline-axis" x1={EDGE} x2={width - EDGE} y1={axis} y2={axis} />
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
      {step !== null && <Mark kind="is-current" step={step} scale={scale} height={axis} />}
    </svg>
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
