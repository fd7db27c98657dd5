/** Searches by vectors in the original space, and their answers. */
import type { Nearest } from "../../model/projection/expression";
import { EMPTY_SELECTION, type Selection } from "../../model/view/selection";
import { type Answer, NO_ANSWER } from "./loadable";

export interface QueryState {
  /** Of the expression in the search box. */
  readonly expression: Answer<Nearest>;
  /** The points whose centroid was asked about; empty where it was not asked about. */
  readonly centroidOf: Selection;
  readonly centroid: Answer<Nearest>;
}

export type Question = "expression" | "centroid";

export const NO_QUERY: QueryState = {
  expression: NO_ANSWER,
  centroidOf: EMPTY_SELECTION,
  centroid: NO_ANSWER,
};
