/** Requests for what the server offers: its listing, its methods, the demo data. */
import type { Listing } from "../model/data/listing";
import type { Method } from "../model/projection/method";
import { getJson, sendJson } from "./requests";
import { type KeptListing, type ListingBody, readListing } from "./short-listing";
import type { Transport } from "./transport";

export type CatalogApi = ReturnType<typeof catalogApi>;

export function catalogApi(transport: Transport) {
  let kept: KeptListing | null = null;

  /** What the server has now: all of it, or what changed since a listing that is here. */
  async function fetchListing(
    before: KeptListing | null,
    signal: AbortSignal | undefined,
  ): Promise<KeptListing> {
    const since = before && before.tensors.length > 0 ? before.listing.version : undefined;
    const query = { form: "short", since };
    const body = await getJson<ListingBody>(transport, ["log"], { query, signal });
    return readListing(body, before) ?? fetchListing(null, signal);
  }

  return {
    async listing(signal?: AbortSignal): Promise<Listing> {
      kept = await fetchListing(kept, signal);
      return kept.listing;
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
