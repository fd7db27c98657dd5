/** Requests about what changed between two datasets. */
import type { DriftAnswer, DriftGroup, DriftNeighbors } from "../model/data/drift";
import type { ClientHeader } from "./client";
import { getBytes, getJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";
import { readRows } from "./wire";

export type DriftApi = ReturnType<typeof driftApi>;

export interface DriftQuestion {
  /** Ids of datasets. */
  readonly a: string;
  readonly b: string;
  readonly metric: string;
  /** "row", or the column that names the points. */
  readonly match: string;
}

export function driftApi(transport: Transport, client: ClientHeader) {
  return {
    /** Both datasets have its columns once it is done. */
    compare(question: DriftQuestion): Promise<DriftAnswer> {
      const body = { ...question, columns: true };
      return sendJson(transport, "POST", ["comparisons"], body, { headers: client });
    },

    get(id: string): Promise<DriftAnswer> {
      return getJson(transport, ["comparisons", id]);
    },

    /** For each row of the first dataset its row in the second. */
    async rows(id: string): Promise<Uint32Array> {
      return readRows(await getBytes(transport, ["comparisons", id, "arrays", "rows_b"]));
    },

    async stop(id: string): Promise<void> {
      await send(transport, { method: "DELETE", path: ["comparisons", id] });
    },

    async groups(id: string): Promise<readonly DriftGroup[]> {
      const path = ["comparisons", id, "groups"];
      const { groups } = await getJson<{ groups: readonly DriftGroup[] }>(transport, path);
      return groups;
    },

    neighbors(id: string, point: number): Promise<DriftNeighbors> {
      return getJson(transport, ["comparisons", id, "neighbors", point]);
    },
  };
}
