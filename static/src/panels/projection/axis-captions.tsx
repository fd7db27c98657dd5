/** What the ends of one's own axes are, at the edges of a flat picture. */
import type { JSX } from "preact";
import { turnOf } from "../../model/camera/camera";
import { isEqual } from "../../model/data/equality";
import type { ParameterValue } from "../../model/projection/method";
import { parsePoints } from "../../model/projection/point-ranges";
import { counted } from "../../model/text/format";
import { pointLabel, rowName } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import { useSelect } from "../context";

const AXES = ["x", "y"] as const;

/** A deep picture turns, and edges say nothing there: the panel names the ends for both. */
export function AxisCaptions(): JSX.Element | null {
  const all = useSelect(captions, [], isEqual);
  if (all.length === 0) return null;
  return (
    <>
      {all.map(({ axis, from, to }) => (
        <p key={axis} class={`axis-caption is-${axis}`}>
          <span>{from}</span>
          <span class="axis-arrow" aria-label="to" role="img">
            →
          </span>
          <span>{to}</span>
        </p>
      ))}
    </>
  );
}

interface Caption {
  readonly axis: string;
  readonly from: string;
  readonly to: string;
}

function captions(state: State): readonly Caption[] {
  const { shown } = state.work;
  const { camera } = state.view;
  // Turned in its plane, a flat picture has no edge for them either.
  if (shown?.positions.dims !== 2 || (camera && turnOf(camera) !== 0)) return [];
  const found = state.work.projections[shown.projection]?.details.axes;
  if (!found) return [];
  return AXES.filter((axis) => found.some(({ name, length }) => name === axis && length > 0)).map(
    (axis) => ({
      axis,
      from: endName(state, shown.params[`${axis}_from`]),
      to: endName(state, shown.params[`${axis}_to`]),
    }),
  );
}

/** One point is called by its name, more by their number. */
export function endName(state: State, value: ParameterValue | undefined): string {
  const parsed = parsePoints(typeof value === "string" ? value : String(value ?? ""), null);
  if ("message" in parsed || parsed.set.count === 0) return "all points";
  const first = parsed.set.ranges[0]?.[0] ?? 0;
  if (parsed.set.count > 1) return counted(parsed.set.count, "point");
  const label = pointLabel(state, first);
  return label === rowName(first) ? label : `${label} (${rowName(first)})`;
}
