/** Fetches what the server has: its listing and its methods. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import {
  listingFailed,
  listingTaken,
  methodsFailed,
  methodsLoaded,
  type Opened,
} from "../../store/actions/place";
import { activeScope, type RootStore } from "../../store/store";

/** What addresses named when their pages were opened, as long as the server may find it yet. */
const waiting = new WeakMap<RootStore, Readonly<Record<string, Opened>>>();

/** @param opened What the page's address says of the views when the page is opened. */
export async function loadListing(
  root: RootStore,
  api: Api,
  opened: Readonly<Record<string, Opened>> = waiting.get(root) ?? {},
): Promise<void> {
  try {
    const listing = await api.catalog.listing();
    if (listing.n_seen === null) waiting.delete(root);
    else waiting.set(root, opened);
    root.dispatch(listingTaken(listing, opened));
  } catch (error) {
    activeScope(root).dispatch(listingFailed(messageOf(error)));
  }
}

export async function loadMethods(root: RootStore, api: Api): Promise<void> {
  const store = activeScope(root);
  try {
    store.dispatch(methodsLoaded(await api.catalog.methods()));
  } catch (error) {
    store.dispatch(methodsFailed(messageOf(error)));
  }
}
