/** What is said below the choice of a color while the points are colored by a quality score. */
import { isWorking } from "../../model/data/work";
import { scoreWords } from "../../model/projection/quality";
import {
  coloredScore,
  finishedProjection,
  scoreData,
  shownQuality,
} from "../../store/selectors/quality";
import type { State } from "../../store/state/state";

export interface Note {
  readonly kind: "hint" | "error";
  readonly text: string;
}

/** What the colors mean, or why there are none yet; null where no score is chosen. */
export function qualityNote(state: State): Note | null {
  const score = coloredScore(state);
  if (score === null) return null;
  const quality = shownQuality(state);
  if (scoreData(state, score) !== null) {
    return { kind: "hint", text: scoreWords(score, quality?.k ?? 0).meaning };
  }
  const projection = finishedProjection(state);
  if (!projection) return { kind: "hint", text: "Computed when the projection is finished." };
  const problem = quality?.error?.message ?? state.quality.failures[projection.id];
  if (problem && !isWorking(quality)) return { kind: "error", text: problem };
  return { kind: "hint", text: "Computing…" };
}
