/** Handles what is asked about measures of steps and runs; its code comes when it is first asked. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";
import type { Measurer } from "./measurer";

export interface MeasureRequests {
  readonly handlers: Handlers<
    | "measure-health"
    | "measure-dimensions"
    | "measure-similarity"
    | "load-histograms"
    | "stop-measure"
    | "measure-runs"
    | "stop-measuring-runs"
  >;
  stop(): void;
}

export function startMeasures(root: RootStore, api: Api): MeasureRequests {
  const ending = new AbortController();
  let made: Promise<Measurer> | null = null;
  const measurer = () => {
    // One for all: what is asked for again is known.
    made ??= import("./measurer").then(
      ({ Measurer }) => new Measurer(root, api, ending.signal),
      (error: unknown) => {
        made = null;
        throw error;
      },
    );
    return made;
  };
  return {
    handlers: {
      "measure-health": async ({ datasets }) => (await measurer()).health(datasets),
      "measure-dimensions": async ({ datasets }) => (await measurer()).dimensions(datasets),
      "measure-similarity": async ({ datasets, figure }) =>
        (await measurer()).similarity(datasets, figure),
      "load-histograms": async ({ run, tag }) => (await measurer()).histograms(run, tag),
      "stop-measure": async ({ what }) => (await measurer()).stop(what),
      "measure-runs": async ({ runs }) => (await measurer()).runs(runs),
      "stop-measuring-runs": async () => (await measurer()).stopRuns(),
    },
    stop: () => ending.abort(),
  };
}
