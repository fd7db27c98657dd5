/** What is drawn in the chart of a scalar. */
import type { JSX } from "preact";
import { EDGE, type TimelineScale } from "./timeline-scale";

export interface TimelineCurveProps {
  readonly scale: TimelineScale;
  readonly stored: readonly number[];
  /** The step that is shown; null where it is not a stored one. */
  readonly step: number | null;
  readonly pointed: number | null;
  readonly width: number;
  readonly height: number;
}

export function TimelineCurve(props: TimelineCurveProps): JSX.Element {
  const { scale, stored, step, pointed, width, height } = props;
  return (
    <svg width={width} height={height} aria-hidden="true">
      {stored.map((each) => (
        <line
          key={each}
          class="timeline-tick"
          x1={scale.x(each)}
          x2={scale.x(each)}
          y1={height - 8}
          y2={height - 2}
        />
      ))}
      <path class="timeline-curve" d={scale.path} transform={`translate(${EDGE} ${EDGE})`} />
      {pointed !== null && pointed !== step && (
        <Mark kind="is-pointed" step={pointed} scale={scale} height={height} />
      )}
      {step !== null && <Mark kind="is-current" step={step} scale={scale} height={height} />}
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
      {y !== null && <circle cx={x} cy={y} r={3} />}
    </g>
  );
}
