/** Requests for clusters: searched by a job, and shown as columns once they are found. */
import type { ClusterAnswer } from "../model/data/clusters";
import type { ClientHeader } from "./client";
import { getBytes, getJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";
import { readNumbers } from "./wire";

export type ClustersApi = ReturnType<typeof clustersApi>;

export interface ClusterQuestion {
  readonly dataset: string;
  readonly metric: string;
  /** The projection in whose picture they are looked for; null for the original space. */
  readonly projection: string | null;
  /** Whether it gives way to all other work. */
  readonly background: boolean;
}

export function clustersApi(transport: Transport, client: ClientHeader) {
  return {
    /** Answers at once; asked again, it is done. */
    find(question: ClusterQuestion): Promise<ClusterAnswer> {
      return sendJson(transport, "POST", ["clusters"], question, { headers: client });
    },

    get(id: string): Promise<ClusterAnswer> {
      return getJson(transport, ["clusters", id]);
    },

    async stop(id: string): Promise<void> {
      await send(transport, { method: "DELETE", path: ["clusters", id] });
    },

    /** Of how many points each one is among the nearest. */
    async degree(id: string, nPoints: number): Promise<Float32Array> {
      const path = ["clusters", id, "arrays", "degree"];
      return readNumbers(await getBytes(transport, path), nPoints);
    },
  };
}
