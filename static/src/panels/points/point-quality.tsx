/** The quality scores of one point. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { FIGURES, figureWords, score } from "../../model/projection/quality";
import { figureData, shownQuality } from "../../store/selectors/quality";
import { useSelect } from "../context";

export interface PointFiguresProps {
  readonly index: number;
  readonly title?: string;
}

export function PointFigures({ index, title }: PointFiguresProps): JSX.Element | null {
  const k = useSelect((state) => shownQuality(state)?.k ?? 0);
  const values = useSelect(
    (state) =>
      FIGURES.map((figure) => {
        const value = figureData(state, figure)?.numbers.values[index];
        return value === undefined ? "" : score(value);
      }),
    [index],
    isEqual,
  );
  if (values.every((value) => value === "")) return null;
  return (
    <div class="point-quality">
      {title && <h3 class="hint">{title}</h3>}
      <dl class="hover-values" aria-label="Quality at this point">
        {FIGURES.map((figure, at) => {
          const { title: name, meaning } = figureWords(figure, k);
          return values[at] === "" ? null : (
            <div key={figure} title={meaning}>
              <dt>{name}</dt>
              <dd class="number">{values[at]}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
