/** Measures the quality of projections with code that comes when the first one is measured. */
import type { Api } from "../../api/api";
import type { RootStore } from "../../store/store";
import { onceMade } from "../browser/later";
import type { Measuring } from "./measuring";

export type QualityMeasuring = Pick<Measuring, "measure" | "load">;

export function measuringLater(root: RootStore, api: Api): QualityMeasuring {
  const start = onceMade(async () => {
    const { Measuring } = await import("./measuring");
    return new Measuring(root, api);
  });
  return {
    measure: async (state) => (await start()).measure(state),
    load: async (projection, score, shown) => (await start()).load(projection, score, shown),
  };
}
