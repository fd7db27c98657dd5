/** Requests for what the server offers: its listing, its methods, the demo data. */
import type { Listing } from "../model/data/listing";
import type { Method } from "../model/projection/method";
import { getJson, sendJson } from "./requests";
import type { Transport } from "./transport";

export type CatalogApi = ReturnType<typeof catalogApi>;

export function catalogApi(transport: Transport) {
  return {
    listing(signal?: AbortSignal): Promise<Listing> {
      return getJson(transport, ["log"], { signal });
    },

    async methods(signal?: AbortSignal): Promise<readonly Method[]> {
      type Body = { readonly methods: readonly Method[] };
      return (await getJson<Body>(transport, ["methods"], { signal })).methods;
    },

    /** Adds the demo data to the listing; answers the ids of its entries. */
    async openDemo(): Promise<readonly string[]> {
      type Body = { readonly entries: readonly string[] };
      return (await sendJson<Body>(transport, "POST", ["demo"], {})).entries;
    },
  };
}
