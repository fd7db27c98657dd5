/** Requests for what several steps that are laid out together have in common. */
import type { Dims } from "../model/projection/projection";
import type { PointPaths, StepTrails } from "../model/projection/trails";
import { getBytes } from "./requests";
import type { Transport } from "./transport";
import { readPaths, readTrails } from "./wire";

export type SeriesApi = ReturnType<typeof seriesApi>;

export function seriesApi(transport: Transport) {
  return {
    /** What changed most from the step before to this one. */
    async trails(id: string, step: number, dims: Dims): Promise<StepTrails> {
      const body = await getBytes(transport, ["series", id, "trails"], { query: { step } });
      return readTrails(body, dims);
    },

    /** Where some points of a step are at every step. */
    async paths(
      id: string,
      step: number,
      rows: ArrayLike<number>,
      dims: Dims,
    ): Promise<PointPaths> {
      const query = { step, rows: Array.from(rows).join(",") };
      const body = await getBytes(transport, ["series", id, "paths"], { query });
      return readPaths(body, rows, step, dims);
    },
  };
}
