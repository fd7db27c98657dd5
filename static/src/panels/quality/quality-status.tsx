/** The picture's trust in the status bar: one figure, the others on hover. */
import type { JSX } from "preact";
import { FIGURES, figureWords, score } from "../../model/projection/quality";
import { judgedQuality } from "../../store/selectors/quality";
import { useSelect } from "../context";

export function TrustStatus(): JSX.Element | null {
  const summary = useSelect((state) => judgedQuality(state)?.summary ?? null);
  if (!summary) return null;
  const all = FIGURES.map(
    (figure) => `${figureWords(figure, summary.k).title} ${score(summary[figure])}`,
  );
  return (
    <span class="status-part number" title={all.join("\n")}>
      trust {score(summary.trustworthiness)}
    </span>
  );
}
