/** The summary of a selection: what it is compared with, and the answer. */
import type { Contrast } from "../../model/data/contrast";
import { type Answer, NO_ANSWER } from "./loadable";

export interface SummaryState {
  /** The saved selection that it is compared with; null for all other points. */
  readonly against: number | null;
  readonly answer: Answer<Contrast>;
}

export const NO_SUMMARY: SummaryState = { against: null, answer: NO_ANSWER };
