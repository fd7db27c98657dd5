/** A table of the ends of the axes: their names, and their places along each axis. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { type AxisEnds, endParameters } from "../../model/projection/axes";
import { compact } from "../../model/text/format";
import { methodNamed } from "../../store/selectors/listing";
import { requestedProjection } from "../../store/selectors/request";
import { useSelect } from "../context";
import { useNames } from "../points/point-label";
import { endNames } from "./axis-captions";

const NONE: readonly AxisEnds[] = [];

export function AxisEndsTable(): JSX.Element | null {
  const axes = useSelect((state) => {
    const projection = requestedProjection(state);
    return projection?.method === state.view.method ? (projection.details.axes ?? NONE) : NONE;
  });
  const named = useSelect(
    (state) => {
      const method = methodNamed(state, state.view.method);
      const params = requestedProjection(state)?.params ?? {};
      return axes.map(({ name }) => endNames(state, endParameters(method, name), params));
    },
    [axes],
    isEqual,
  );
  useNames(named.flatMap((each) => each?.points ?? []));
  if (axes.length === 0) return null;
  return (
    <table class="axis-ends" aria-label="Ends of the axes">
      <tbody>
        {axes.map(({ name, from_at, to_at, length }, at) =>
          // That an axis leads nowhere is among the warnings.
          length > 0 ? (
            <tr key={name}>
              <th scope="row">{name.toUpperCase()}</th>
              <td>
                {named[at]?.from} → {named[at]?.to}
              </td>
              <td class="number">
                {compact(from_at, 3)} … {compact(to_at, 3)}
              </td>
            </tr>
          ) : null,
        )}
      </tbody>
    </table>
  );
}
