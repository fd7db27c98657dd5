/** Measures the quality of projections with code that comes when the first one is measured. */
import type { Api } from "../../api/api";
import type { RootStore } from "../../store/store";
import type { Measuring } from "./measuring";

export type QualityMeasuring = Pick<Measuring, "measure" | "load">;

export function measuringLater(root: RootStore, api: Api): QualityMeasuring {
  let started: Promise<Measuring> | undefined;
  const start = () => {
    started ??= import("./measuring").then(({ Measuring }) => new Measuring(root, api));
    return started;
  };
  return {
    measure: async (state) => (await start()).measure(state),
    load: async (projection, score, shown) => (await start()).load(projection, score, shown),
  };
}
