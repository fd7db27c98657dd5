/** Which points pass the condition that a person wrote, as the server answers. */
import { type Answer, NO_ANSWER } from "./loadable";

export interface FormulaState {
  /** The condition and the content that the answer is of (see `whereKey`). */
  readonly of: string;
  /** Not zero for points that do not pass. */
  readonly failing: Answer<Uint8Array>;
}

export const NO_FORMULA: FormulaState = { of: "", failing: NO_ANSWER };
