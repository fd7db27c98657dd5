/** The names of the ends of the axes, at the edges of a flat plot. */
import type { JSX } from "preact";
import { turnOf } from "../../model/camera/camera";
import { isEqual } from "../../model/data/equality";
import { endParameters } from "../../model/projection/axes";
import type { Parameter, Params } from "../../model/projection/method";
import { parsePoints } from "../../model/projection/point-ranges";
import { counted } from "../../model/text/format";
import { methodNamed } from "../../store/selectors/listing";
import { pointLabel, rowName } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import { useSelect } from "../context";
import { useNames } from "../points/point-label";

/** A flat plot has an edge for each of its two axes. */
const EDGES = ["is-x", "is-y"] as const;

/** In 3D the axes turn away from the edges: the panel names the ends there. */
export function AxisCaptions(): JSX.Element | null {
  const all = useSelect(captions, [], isEqual);
  useNames(all.flatMap(({ points }) => points));
  if (all.length === 0) return null;
  return (
    <>
      {all.map(({ edge, from, to }) => (
        <p key={edge} class={`axis-caption ${edge}`}>
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

interface EndNames {
  readonly from: string;
  readonly to: string;
  /** The rows of the points that are called by their names. */
  readonly points: readonly number[];
}

interface Caption extends EndNames {
  readonly edge: string;
}

function captions(state: State): readonly Caption[] {
  const { shown } = state.work;
  const { camera } = state.view;
  // Rotated in its plane, a flat plot has no edge for them either.
  if (shown?.positions.dims !== 2 || (camera && turnOf(camera) !== 0)) return [];
  const method = methodNamed(state, shown.method);
  const axes = state.work.projections[shown.projection]?.details.axes ?? [];
  return EDGES.flatMap((edge, at) => {
    const axis = axes[at];
    const names = axis && endNames(state, endParameters(method, axis.name), shown.params);
    // An axis that leads nowhere is among the warnings.
    return names && axis.length > 0 ? [{ edge, ...names }] : [];
  });
}

export function endNames(
  state: State,
  ends: ReturnType<typeof endParameters>,
  params: Params,
): EndNames | null {
  if (!ends) return null;
  const [from, to] = [ends.from, ends.to].map((end) => endName(state, end, params));
  if (!from || !to) return null;
  const points = [from, to].flatMap(({ point }) => point ?? []);
  return { from: from.text, to: to.text, points };
}

/** One point is called by its name, more by their number. */
function endName(
  state: State,
  { name, unset }: Parameter,
  params: Params,
): { readonly text: string; readonly point?: number } {
  const parsed = parsePoints(String(params[name] ?? ""), null);
  if ("labels" in parsed) return { text: parsed.labels };
  if ("message" in parsed || parsed.set.count === 0) return { text: unset };
  const first = parsed.set.ranges[0]?.[0] ?? 0;
  if (parsed.set.count > 1) return { text: counted(parsed.set.count, "point") };
  const label = pointLabel(state, first);
  const text = label === rowName(first) ? label : `${label} (${rowName(first)})`;
  return { text, point: first };
}
