/** Requests about which points two datasets have in common. */
import type { MatchAnswer, RowMap } from "../model/view/matching";
import { getBytes, getJson } from "./requests";
import type { Transport } from "./transport";
import { readRows } from "./wire";

export type MatchesApi = ReturnType<typeof matchesApi>;

export function matchesApi(transport: Transport) {
  return {
    /** `by` is a column, or "row"; without it the server proposes one. */
    get(from: string, to: string, by?: string): Promise<MatchAnswer> {
      const query = { to, ...(by !== undefined && { by }) };
      return getJson(transport, ["datasets", from, "match"], { query });
    },

    /** For each row of one its row in the other. */
    async rows(from: string, to: string, by: string): Promise<RowMap> {
      const path = ["datasets", from, "match", "rows"];
      return readRows(await getBytes(transport, path, { query: { to, by } }));
    },
  };
}
