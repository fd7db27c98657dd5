/** What all clouds of a page share: the animation frame, the budget of points in it, what frames took, and what flags mean. */
import { FrameTimes } from "../../model/view/frame-times";
import { KnownFlags } from "../scene/flag-facts";
import { FrameBudget } from "./frame-budget";
import { FrameTicker } from "./frame-ticker";

export interface FramePace {
  readonly ticker: FrameTicker;
  readonly budget: FrameBudget;
  readonly times: FrameTimes;
  readonly flags: KnownFlags;
}

/** One for each page; a cloud that is given none makes its own. */
export function createFramePace(ticker = new FrameTicker()): FramePace {
  return { ticker, budget: new FrameBudget(), times: new FrameTimes(), flags: new KnownFlags() };
}
