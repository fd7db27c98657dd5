/** What is said and drawn of the way from the step before to the one that is shown. */
import { type MotionWords, motionWords, ONE_BY_ONE } from "../../model/projection/motion";
import type { SeriesStep } from "../../model/projection/series";
import { STILL } from "../../model/projection/still-points";
import { count, counted, percent } from "../../model/text/format";
import type { State } from "../state/state";
import { entryOf } from "./listing";
import { finishedProjection } from "./quality";
import { selection } from "./shown";
import { isTogether } from "./together";

/** More trails hide the points that they are about. */
export const MOST_TRAILS = 2000;
export const MOST_PATHS = 20;

/** The series of the picture on the screen, once it is done. */
export function shownSeries(state: State): SeriesStep | null {
  const series = finishedProjection(state)?.series ?? null;
  return series?.result ? series : null;
}

export function stepMotion(state: State): MotionWords {
  const result = shownSeries(state)?.result;
  if (isTogether(state)) {
    return result
      ? motionWords(result)
      : { text: "All steps are being laid out together", meaning: "", isCaution: false };
  }
  return ONE_BY_ONE;
}

/** While the steps are played: the step that has to be there before they go on. */
export function awaitedStep({ page, view }: State): number | null {
  return page.isPlaying && page.isStepAwaited ? (view.place?.step ?? null) : null;
}

/** "; 1,204 of 1,797 move less than 10 % and are faded" */
export function fadedText({ page }: State): string {
  if (!page.still || page.still.n === 0) return "";
  const { n, opacities } = page.still;
  return `; ${count(n)} of ${count(opacities.length)} move less than ${percent(STILL)} and are faded`;
}

/** Where nothing moves, a line is the only sign of what moved. */
export function showsTrails({ view, page }: State): boolean {
  return view.trails === "on" || (view.trails === "auto" && page.isMotionReduced);
}

/** "the 2,000 of 5,400 that changed most since step 200; paths of 3 selected points" */
export function trailsText(state: State): string {
  const series = shownSeries(state);
  if (!series?.result) return "";
  const n = selection(state).length;
  const paths = n > MOST_PATHS ? `${MOST_PATHS} of ${count(n)}` : count(n);
  const noun = n === 1 ? "point" : "points";
  return [changedText(state, series), n > 0 && `paths of ${paths} selected ${noun}`]
    .filter(Boolean)
    .join("; ");
}

function changedText(state: State, { step, datasets, result }: SeriesStep): string {
  if (step === 0) return "no step before this one";
  const n = result?.motion[step - 1]?.n_changed;
  if (n === undefined) return "which points changed was not measured";
  const before = entryOf(state, datasets[step - 1] ?? "")?.step;
  const since = before === null || before === undefined ? "" : ` since step ${count(before)}`;
  if (n > MOST_TRAILS) return `the ${count(MOST_TRAILS)} of ${count(n)} that changed most${since}`;
  return n === 0 ? `no point changed${since}` : `${counted(n, "point")} that changed${since}`;
}
