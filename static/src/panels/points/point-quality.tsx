/** The quality scores of one point. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { SCORES, scoreText, scoreWords } from "../../model/projection/quality";
import { scoreData, shownQuality } from "../../store/selectors/quality";
import { useSelect } from "../context";

export interface PointScoresProps {
  readonly index: number;
  readonly title?: string;
}

export function PointScores({ index, title }: PointScoresProps): JSX.Element | null {
  const k = useSelect((state) => shownQuality(state)?.k ?? 0);
  const values = useSelect(
    (state) =>
      SCORES.map((score) => {
        const value = scoreData(state, score)?.numbers.values[index];
        return value === undefined ? "" : scoreText(value);
      }),
    [index],
    isEqual,
  );
  if (values.every((value) => value === "")) return null;
  return (
    <div class="point-quality">
      {title && <h3 class="hint">{title}</h3>}
      <dl class="hover-values" aria-label="Quality at this point">
        {SCORES.map((score, at) => {
          const { title: name, meaning } = scoreWords(score, k);
          return values[at] === "" ? null : (
            <div key={score} title={meaning}>
              <dt>{name}</dt>
              <dd class="number">{values[at]}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
