/** The quality in the status bar: one score, the others in its tooltip. */
import type { JSX } from "preact";
import { SCORES, scoreText, scoreWords } from "../../model/projection/quality";
import { shownQuality } from "../../store/selectors/quality";
import { useSelect } from "../context";

export function QualityStatus(): JSX.Element | null {
  const summary = useSelect((state) => shownQuality(state)?.summary ?? null);
  if (!summary) return null;
  const all = SCORES.map(
    (score) => `${scoreWords(score, summary.k).title} ${scoreText(summary[score])}`,
  );
  return (
    <span class="status-part number" title={all.join("\n")}>
      quality {scoreText(summary.trustworthiness)}
    </span>
  );
}
