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

/** @param opened What the page's address says of the views when the page is opened. */
export async function loadListing(
  root: RootStore,
  api: Api,
  opened: Readonly<Record<string, Opened>> = {},
): Promise<void> {
  try {
    root.dispatch(listingTaken(await api.catalog.listing(), opened));
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
