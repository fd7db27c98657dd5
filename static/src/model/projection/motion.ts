/** What the motion of a series says, in words: whether those points move whose neighbors changed. */
import { percent } from "../text/format";
import type { SeriesResult } from "./series";

export interface MotionWords {
  readonly text: string;
  readonly meaning: string;
  /** Whether motion in this picture cannot be trusted. */
  readonly isCaution: boolean;
}

const MEANING =
  "Shares of the picture's size, the root of the mean squared distance from its middle; medians of " +
  "each step, and their mean over all steps. Stayed: at least 80 % of 15 neighbors are the same at " +
  "the next step; changed: at most 40 %.";
const LIMITS =
  "Amber: what stayed moves more than 10 %, or a point that changed moves further than one that " +
  "stayed with a probability below 80 %.";

export function motionWords(result: SeriesResult): MotionWords {
  const { motion, false: still, true: changed, auc, is_truthful } = result;
  if (motion.length === 0) {
    return {
      text: "How far points move that stayed was not measured",
      meaning: "It needs neighbors, which this method does not, and the data is large.",
      isCaution: false,
    };
  }
  const meaning = auc === null ? MEANING : `${MEANING} ${LIMITS} Here it is ${percent(auc)}.`;
  return { text: sentence(still, changed), meaning, isCaution: !is_truthful };
}

function sentence(still: number | null, changed: number | null): string {
  if (still === null && changed === null)
    return "Too few points stayed or changed to measure motion";
  if (still === null) {
    return `Fewer than 10 points stayed; those that changed move ${percent(changed ?? 0)} of the picture`;
  }
  const said = `Points that stayed move ${percent(still)} of the picture`;
  return changed === null
    ? `${said}, fewer than 10 changed`
    : `${said}, those that changed ${percent(changed)}`;
}

/** Where each step was laid out by itself. */
export const ONE_BY_ONE: MotionWords = {
  text: "Each step is laid out by itself: points move that did not change",
  meaning:
    "A layout that starts from another one ends elsewhere, also where nothing changed. Lay out all " +
    "steps together to see what did.",
  isCaution: true,
};
