/** Where the ends of one's own axes come to be in the picture. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import type { AxisEnds } from "../../model/projection/projection";
import { compact } from "../../model/text/format";
import { wantedProjection } from "../../store/selectors/request";
import { useSelect } from "../context";
import { endName } from "./axis-captions";

const NONE: readonly AxisEnds[] = [];

export function AxisEndsTable(): JSX.Element | null {
  const axes = useSelect((state) => {
    const projection = wantedProjection(state);
    return projection?.method === state.view.method ? (projection.details.axes ?? NONE) : NONE;
  });
  const named = useSelect(
    (state) => {
      const params = wantedProjection(state)?.params ?? {};
      return ["x", "y", "z"].map((axis) =>
        ["from", "to"].map((end) => endName(state, params[`${axis}_${end}`])),
      );
    },
    [],
    isEqual,
  );
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
                {named[at]?.[0]} → {named[at]?.[1]}
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
