/** What is searched for: one text for all views, and the answer of each. */
import { isExpression } from "../../model/projection/expression";
import { NO_ANSWER } from "./loadable";
import type { SearchState } from "./view-state";

/** The search with another text; what was found before stays until the new answer comes. */
export function searchingFor(search: SearchState, text: string): SearchState {
  // An expression is a question to the space, which hides no points.
  const rows = text === "" || isExpression(text) ? NO_ANSWER : search.rows;
  return { ...search, text, rows };
}
