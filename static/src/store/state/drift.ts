/** The comparison of two datasets that was asked for last: on its way, done, or why not. */
import type { DriftGroup, DriftNeighbors, DriftResult } from "../../model/data/drift";
import type { RowMap } from "../../model/view/matching";
import { type Answer, NO_ANSWER } from "./loadable";

/** Lines to where points are in the other view: how many there are, of how many points. */
export interface DriftLines {
  readonly n: number;
  readonly of: number;
  /** Of the selected points, or of those that shifted most. */
  readonly areSelected: boolean;
  /** Of the other picture, laid on this one: 0 for the same shape, 1 for an unrelated one. */
  readonly residual: number;
}

export interface Drift {
  readonly id: string;
  /** The ids of the two datasets. */
  readonly from: string;
  readonly to: string;
  readonly status: "working" | "done" | "failed";
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
  readonly result: DriftResult | null;
  /** Where the points of the first dataset are in the second. */
  readonly rows: RowMap;
  /** Of which point there are neighbors. */
  readonly point: number | null;
  readonly neighbors: Answer<DriftNeighbors>;
  readonly groups: Answer<readonly DriftGroup[]>;
  readonly hasLines: boolean;
  /** Of the active view; null while there are none. */
  readonly lines: DriftLines | null;
}

export const NEW_DRIFT: Drift = {
  id: "",
  from: "",
  to: "",
  status: "working",
  phase: "",
  done: 0,
  total: 0,
  message: "",
  result: null,
  rows: "same",
  point: null,
  neighbors: NO_ANSWER,
  groups: NO_ANSWER,
  hasLines: false,
  lines: null,
};
