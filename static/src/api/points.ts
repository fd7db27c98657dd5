/** Requests about points: metadata, nearest neighbors, text search. */
import type { Contrast } from "../model/data/contrast";
import type { Dataset, PointValues } from "../model/data/dataset";
import type { Nearest, SpaceQuery } from "../model/projection/expression";
import type { Metric, Neighbors } from "../model/projection/neighbors";
import { rowBits } from "../model/view/row-bits";
import type { Selection } from "../model/view/selection";
import { getBytes, getJson, readJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";
import { type Matches, readMatches } from "./wire";

export type PointsApi = ReturnType<typeof pointsApi>;

export interface NearestOptions {
  /** How many neighbors. */
  readonly k: number;
  readonly metric: Metric;
}

export function pointsApi(transport: Transport) {
  return {
    /** The metadata of one point. */
    get(dataset: string, index: number, signal?: AbortSignal): Promise<PointValues> {
      return getJson(transport, ["datasets", dataset, "points", index], { signal });
    },

    neighbors(
      dataset: string,
      index: number,
      options: NearestOptions,
      signal?: AbortSignal,
    ): Promise<Neighbors> {
      const path = ["datasets", dataset, "points", index, "neighbors"];
      return getJson(transport, path, { query: { ...options }, signal });
    },

    /** The rows whose text contains `text`; in all columns where `column` is null. */
    async search(
      dataset: string,
      text: string,
      column: number | null,
      isPattern: boolean,
      signal?: AbortSignal,
    ): Promise<Matches> {
      const regex = isPattern ? 1 : undefined;
      const query = { text, column: column ?? undefined, regex, columns: 1 };
      const path = ["datasets", dataset, "search"];
      return readMatches(await getBytes(transport, path, { query, signal }));
    },

    /** Where a group of points differs from all others, or from a second group. */
    async contrast(
      { id, n_points }: Dataset,
      groups: readonly Selection[],
      signal?: AbortSignal,
    ): Promise<Contrast> {
      const path = ["datasets", id, "contrast"];
      const headers = { "Content-Type": "application/octet-stream" };
      const body = rowBits(groups, n_points).buffer;
      return readJson(await send(transport, { method: "POST", path, headers, body, signal }), path);
    },

    nearestToExpression(
      dataset: string,
      query: SpaceQuery,
      column: number | null,
      options: NearestOptions,
      signal?: AbortSignal,
    ): Promise<Nearest> {
      const body = { ...query, ...(column !== null && { column }), ...options };
      return sendJson(transport, "POST", ["datasets", dataset, "nearest"], body, { signal });
    },

    /** Nearest to the centroid of some points. */
    nearestToPoints(
      dataset: string,
      points: Iterable<number>,
      options: NearestOptions,
      signal?: AbortSignal,
    ): Promise<Nearest> {
      const body = { points: [...points], ...options };
      return sendJson(transport, "POST", ["datasets", dataset, "nearest"], body, { signal });
    },
  };
}
