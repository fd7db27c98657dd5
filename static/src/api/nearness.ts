/** Requests for how near points are to their neighbors. */
import type { NearnessWork } from "../model/projection/nearness";
import type { ClientHeader } from "./client";
import type { NearestOptions } from "./points";
import { getJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";

export type NearnessApi = ReturnType<typeof nearnessApi>;

export function nearnessApi(transport: Transport, client: ClientHeader) {
  return {
    start(dataset: string, options: NearestOptions, signal?: AbortSignal): Promise<NearnessWork> {
      const body = { datasets: [dataset], ...options };
      return sendJson(transport, "POST", ["nearness"], body, { signal, headers: client });
    },

    get(id: string, signal?: AbortSignal): Promise<NearnessWork> {
      return getJson(transport, ["nearness", id], { signal });
    },

    async stop(id: string): Promise<void> {
      await send(transport, { method: "DELETE", path: ["nearness", id] });
    },
  };
}
