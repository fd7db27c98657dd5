/** Measures the quality of what a view shows: on request, or once the page is idle. */
import { effect, untracked } from "@preact/signals";
import type { Projection } from "../../model/projection/projection";
import { SCORES, type Score } from "../../model/projection/quality";
import type { Handlers } from "../../store/handlers";
import {
  coloredScore,
  finishedProjection,
  projectionKey,
  qualityProjectionId,
  shownQuality,
  unaskedKey,
} from "../../store/selectors/quality";
import { selection } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import type { QualityMeasuring } from "../data/measuring-later";

/** A projection that stays so long is of interest; the page has long been idle by then. */
const REST_MILLISECONDS = 900;
/** Above this all four scores of every point are too much to be fetched for one point. */
const MAX_POINT_SCORES = 200_000;

export interface QualityLoader {
  readonly handlers: Handlers<"measure-quality">;
  stop(): void;
}

export function startQuality(store: Store, measuring: QualityMeasuring): QualityLoader {
  const tried = new Set<string>();
  const measure = () => measuring.measure(store.state.peek());

  const stops = [
    // The empty task ends the one before it: what was about to be measured is no longer seen.
    latest(
      store.select(unaskedKey),
      async (key, signal) => {
        if (key === "" || tried.has(key)) return;
        await pause(REST_MILLISECONDS, signal);
        await idle(signal);
        tried.add(key);
        await measure();
      },
      () => undefined,
    ),
    latest(
      // To color by a score is to ask for it.
      store.select((state) =>
        coloredScore(state) && !shownQuality(state) ? projectionKey(state) : "",
      ),
      async (key) => {
        if (key === "" || tried.has(`colored ${key}`)) return;
        tried.add(`colored ${key}`);
        await measure();
      },
      () => undefined,
    ),
    startScores(store, measuring),
  ];
  return {
    handlers: { "measure-quality": measure },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** Fetches each score's values when something shows them. */
function startScores(store: Store, measuring: QualityMeasuring): () => void {
  return effect(() => {
    const state = store.state.value;
    const id = qualityProjectionId(state);
    const projection = id === null ? undefined : state.work.projections[id];
    if (projection?.quality?.state !== "done") return;
    const shown = finishedProjection(state)?.id ?? projection.id;
    for (const score of shownScores(state, projection)) {
      if (state.quality.scores[projection.id]?.[score]) continue;
      untracked(() => void measuring.load(projection, score, shown));
    }
  });
}

function shownScores(state: State, { n_points }: Projection): readonly Score[] {
  const isPointSeen = state.attention.hover !== null || selection(state).length > 0;
  if (isPointSeen && n_points <= MAX_POINT_SCORES) return SCORES;
  const colored = coloredScore(state);
  return colored ? [colored] : [];
}

/** Wait until the browser is idle; not every browser reports it. */
function idle(signal: AbortSignal): Promise<void> {
  if (typeof window.requestIdleCallback !== "function") return pause(100, signal);
  return new Promise((resolve, reject) => {
    window.requestIdleCallback(() => (signal.aborted ? reject(signal.reason) : resolve()), {
      timeout: 3000,
    });
  });
}
