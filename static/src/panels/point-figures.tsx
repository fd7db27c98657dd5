/** How far one point's own surroundings can be trusted. */
import type { JSX } from "preact";
import { FIGURES, figureWords, score } from "../model/quality";
import { figureData, judgedQuality } from "../store/selectors/trust";
import { useSelect } from "./context";

export function PointFigures({ index }: { readonly index: number }): JSX.Element | null {
  const k = useSelect((state) => judgedQuality(state)?.k ?? 0);
  const text = useSelect(
    (state) =>
      FIGURES.map((figure) => {
        const value = figureData(state, figure)?.numbers.values[index];
        return value === undefined ? "" : score(value);
      }).join(),
    [index],
  );
  const values = text.split(",");
  if (values.every((value) => value === "")) return null;
  return (
    <dl class="hover-values point-figures" aria-label="Trust in this point">
      {FIGURES.map((figure, at) => {
        const { title, meaning } = figureWords(figure, k);
        return values[at] === "" ? null : (
          <div key={figure} title={meaning}>
            <dt>{title}</dt>
            <dd class="number">{values[at]}</dd>
          </div>
        );
      })}
    </dl>
  );
}
