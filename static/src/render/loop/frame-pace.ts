/** What all clouds of a page share: the animation frame and the budget of points in it. */
import { FrameBudget } from "./frame-budget";
import { FrameTicker } from "./frame-ticker";

export interface FramePace {
  readonly ticker: FrameTicker;
  readonly budget: FrameBudget;
}

/** One for each page; a cloud that is given none makes its own. */
export function createFramePace(ticker = new FrameTicker()): FramePace {
  return { ticker, budget: new FrameBudget() };
}
