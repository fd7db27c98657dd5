/** State of what stands beside the picture: dropped files, scalars, questions, news of the log. */
import type { Drop } from "../../model/data/file-drop";
import type { Place } from "../../model/data/listing";
import type { Scalars } from "../../model/data/scalars";
import type { Nearest } from "../../model/projection/expression";
import { EMPTY_SELECTION, type Selection } from "../../model/view/selection";

export interface DropState {
  /** How many files are being dragged over the page; null while none are. */
  readonly dragged: number | null;
  readonly drops: readonly Drop[];
}

export interface ScalarState {
  /** Scalars of each run that was looked at. */
  readonly runs: Readonly<Record<string, Scalars>>;
  /** The tag that was chosen; null for the usual one. */
  readonly tag: string | null;
  readonly isOpen: boolean;
  /** null: where it makes a curve that can be read. */
  readonly isLog: boolean | null;
}

/** An answer that stays while the next one is on its way. */
export interface NearestAnswer {
  readonly value: Nearest | null;
  readonly isLoading: boolean;
  readonly error: string | null;
}

export const NOT_ASKED: NearestAnswer = { value: null, isLoading: false, error: null };

export interface QueryState {
  /** Of the expression in the search box. */
  readonly expression: NearestAnswer;
  /** The points whose middle was asked about; an empty selection where nobody has asked. */
  readonly middleOf: Selection;
  readonly middle: NearestAnswer;
}

export type Question = "expression" | "middle";

export interface NewStepsState {
  /** A step that was written while the person looks at another one. */
  readonly newest: Place | null;
  /** Go to each new step as it comes. */
  readonly isFollowing: boolean;
}

export interface Companions {
  readonly dropping: DropState;
  readonly scalars: ScalarState;
  readonly query: QueryState;
  readonly news: NewStepsState;
}

export const INITIAL_COMPANIONS: Companions = {
  dropping: { dragged: null, drops: [] },
  scalars: { runs: {}, tag: null, isOpen: true, isLog: null },
  query: { expression: NOT_ASKED, middleOf: EMPTY_SELECTION, middle: NOT_ASKED },
  news: { newest: null, isFollowing: false },
};
