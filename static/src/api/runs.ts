/** Requests for training runs: their hyperparameters and metrics. */
import type { Run } from "../model/data/runs";
import { getJson } from "./requests";
import type { Transport } from "./transport";

export type RunsApi = ReturnType<typeof runsApi>;

export function runsApi(transport: Transport) {
  return {
    /** All runs, or those with these names. */
    async list(names: readonly string[] | null, signal?: AbortSignal): Promise<readonly Run[]> {
      type Body = { readonly runs: readonly Run[] };
      const query = names === null ? {} : { names: JSON.stringify(names) };
      return (await getJson<Body>(transport, ["runs"], { query, signal })).runs;
    },
  };
}
