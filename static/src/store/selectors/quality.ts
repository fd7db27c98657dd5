/** Quality of what is shown: which projection is measured, and its scores. */
import type { Column } from "../../model/data/dataset";
import type { Projection } from "../../model/projection/projection";
import {
  MAX_UNASKED_POINTS,
  MIN_MEASURED_POINTS,
  type Quality,
  SCORES,
  type Score,
  scoreColumn,
  scoreOf,
} from "../../model/projection/quality";
import type { QualityState, ScoreData } from "../state/quality";
import type { State } from "../state/state";
import { entryOf } from "./listing";
import { isAwaited } from "./request";

/** The projection on the screen once it is finished; null while it moves. */
export function finishedProjection({ work }: State): Projection | null {
  if (!work.shown || work.shown.isLive) return null;
  const projection = work.projections[work.shown.projection];
  return projection?.state === "done" ? projection : null;
}

/**
 * A method that keeps its components has positions in more dimensions than a 2D plot
 * shows. What is measured is what is seen: a projection of just so many.
 */
export function needsTwin(state: State, projection: Projection): boolean {
  const { shown } = state.work;
  return (
    shown !== null && projection.n_kept > 0 && shown.positions.dims !== projection.n_components
  );
}

/** The id of the projection whose scores are those of the plot; null where none is known. */
export function qualityProjectionId(state: State): string | null {
  const projection = finishedProjection(state);
  if (!projection) return null;
  if (!needsTwin(state, projection)) return projection.id;
  return state.quality.twins[projectionKey(state)] ?? null;
}

export function shownQuality(state: State): Quality | null {
  return state.work.projections[qualityProjectionId(state) ?? ""]?.quality ?? null;
}

/** Names what is shown: its projection, and how many of its dimensions. */
export function projectionKey(state: State): string {
  const projection = finishedProjection(state);
  return projection ? `${projection.id} ${state.work.shown?.positions.dims}` : "";
}

/** What is measured without a request (see `projectionKey`); empty where nothing is. */
export function unaskedKey(state: State): string {
  const projection = finishedProjection(state);
  if (!projection || shownQuality(state)) return "";
  const { n_points } = projection;
  if (n_points > MAX_UNASKED_POINTS || n_points < MIN_MEASURED_POINTS) return "";
  if (state.quality.failures[projection.id] !== undefined) return "";
  // Deleted data stays on the screen, but the server cannot measure it any more.
  if (!entryOf(state, projection.dataset)) return "";
  return isAwaited(state) || state.page.isPlaying ? "" : projectionKey(state);
}

/** Whether the axes are the first components, which are what is measured. */
export function showsLeading(state: State): boolean {
  return state.work.shown?.components?.every((component, axis) => component === axis) ?? true;
}

/** The score that points are colored by. */
export function coloredScore({ view }: State): Score | null {
  return scoreOf(view.color?.name ?? "");
}

export function scoreData(state: State, score: Score): ScoreData | null {
  return state.quality.scores[qualityProjectionId(state) ?? ""]?.[score] ?? null;
}

/** One object each: an equal one would be a change. */
const UNKNOWN = new Map(SCORES.map((score) => [score, scoreColumn(score, null)]));

/** The score as a column to color by; its values come later. */
export function coloredScoreColumn(state: State): Column | null {
  const score = coloredScore(state);
  if (score === null) return null;
  return scoreData(state, score)?.column ?? UNKNOWN.get(score) ?? null;
}

/** Whether what is on the screen was changed while it ran. */
export function isModified(state: State): boolean {
  return state.quality.modified[state.work.shown?.projection ?? ""] !== undefined;
}

/** Whether a projection is only there to be measured in the place of another one. */
export function isTwin({ twins }: QualityState, id: string): boolean {
  return Object.values(twins).includes(id);
}
