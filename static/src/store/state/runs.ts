/** Training runs as far as they are known. */
import type { Run } from "../../model/data/runs";
import { IDLE, type Loadable } from "./loadable";

export interface RunsState {
  /** All of them, once they were asked for; they stay while they are asked for again. */
  readonly all: Loadable<readonly Run[]>;
  /** Those that views show, by name. */
  readonly known: Readonly<Record<string, Run>>;
}

export const NO_RUNS: RunsState = { all: IDLE, known: {} };
