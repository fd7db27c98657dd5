/** Searches by vectors in the original space. */
import type { Nearest } from "../../model/projection/expression";
import { EMPTY_SELECTION, type Selection } from "../../model/view/selection";
import { type Answer, NO_ANSWER } from "../state/loadable";
import type { Question } from "../state/query";
import type { Action } from "../store";

/** Ask for what is nearest to the centroid of some points. */
export function askMiddle(middleOf: Selection): Action {
  return (state) => ({ ...state, query: { ...state.query, middleOf, middle: NO_ANSWER } });
}

export function forgetMiddle(): Action {
  return askMiddle(EMPTY_SELECTION);
}

export function nearestAsked(question: Question): Action {
  return (state) => answer(question, { ...state.query[question], isLoading: true })(state);
}

export function nearestFound(question: Question, value: Nearest): Action {
  return answer(question, { value, isLoading: false, error: null });
}

export function nearestFailed(question: Question, error: string): Action {
  return answer(question, { value: null, isLoading: false, error });
}

export function nearestForgotten(question: Question): Action {
  return answer(question, NO_ANSWER);
}

function answer(question: Question, value: Answer<Nearest>): Action {
  return (state) => ({ ...state, query: { ...state.query, [question]: value } });
}
