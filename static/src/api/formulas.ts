/** Requests for conditions and computed columns. */
import type { Dataset } from "../model/data/dataset";
import { readJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";

export type FormulasApi = ReturnType<typeof formulasApi>;

export function formulasApi(transport: Transport) {
  const change = async (id: string, what: readonly string[], body: unknown): Promise<Dataset> => {
    await sendJson(transport, "POST", ["datasets", id, ...what], body);
    const path = ["datasets", id];
    return readJson(await send(transport, { path }), path);
  };
  return {
    /** 1 for each point that does not pass a condition. */
    async failing({ id, n_points }: Dataset, formula: string, signal?: AbortSignal) {
      const headers = { "Content-Type": "application/json" };
      const path = ["datasets", id, "where"];
      const body = JSON.stringify({ formula });
      const answer = await send(transport, { method: "POST", path, headers, body, signal });
      const bits = new Uint8Array(await answer.bytes());
      return Uint8Array.from(
        { length: n_points },
        (_, row) => 1 - (((bits[row >> 3] ?? 0) >> (row & 7)) & 1),
      );
    },

    /** Adds a column, or replaces one; answers the dataset as it is then. */
    compute(id: string, name: string, formula: string): Promise<Dataset> {
      return change(id, ["computed"], { name, formula });
    },

    remove(id: string, name: string): Promise<Dataset> {
      return change(id, ["computed", "remove"], { name });
    },
  };
}
