/** The quality in the status bar: one score, the others in its tooltip. */
import type { JSX } from "preact";
import { FIGURES, figureWords, score } from "../../model/projection/quality";
import { shownQuality } from "../../store/selectors/quality";
import { useSelect } from "../context";

export function QualityStatus(): JSX.Element | null {
  const summary = useSelect((state) => shownQuality(state)?.summary ?? null);
  if (!summary) return null;
  const all = FIGURES.map(
    (figure) => `${figureWords(figure, summary.k).title} ${score(summary[figure])}`,
  );
  return (
    <span class="status-part number" title={all.join("\n")}>
      quality {score(summary.trustworthiness)}
    </span>
  );
}
