/** Handles what is asked about measures of steps and runs; its code comes when it is first asked. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";
import { onceMade } from "../browser/later";

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
  // One for all: what is asked for again is known.
  const measurer = onceMade(async () => {
    const { Measurer } = await import("./measurer");
    return new Measurer(root, api, ending.signal);
  });
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
