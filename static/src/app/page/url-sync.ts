/** Synchronizes the page's address with the active view. */
import { effect } from "@preact/signals";
import { nearestEntry, placeOf } from "../../model/data/listing";
import { decodeUrl, encodeUrl, type UrlState } from "../../model/view/url-state";
import { addressFound } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import { select } from "../../store/actions/selection";
import { restoreView } from "../../store/actions/view";
import { listingOf } from "../../store/selectors/listing";
import { selection } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import type { PageAddress } from "../browser/address";

/** Browsers refuse more than about a hundred changes in ten seconds. */
const WRITE_MILLISECONDS = 250;

/** Take over what the address says, before anything is asked for. */
export function readUrl(store: Store, address: PageAddress): UrlState {
  const url = decodeUrl(address.hash);
  store.dispatch(addressFound(address.isReal));
  store.dispatch(restoreView(url.view));
  store.dispatch(select(url.selection));
  return url;
}

export function startUrlSync(store: Store, address: PageAddress): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const encoded = store.select((state) =>
    // While nothing is shown, the address that the page was opened with may still be right.
    state.work.shown ? encodeUrl(state.view, selection(state)) : null,
  );
  const stop = effect(() => {
    const text = encoded.value;
    clearTimeout(timer);
    if (text === null) return;
    timer = setTimeout(() => {
      address.replace(text);
      store.dispatch(addressFound(address.isReal));
    }, WRITE_MILLISECONDS);
  });
  const onHashChange = () => {
    const url = readUrl(store, address);
    const listing = listingOf(store.state.peek());
    const entry = listing && nearestEntry(listing, url.place);
    if (entry) store.dispatch(goTo(placeOf(entry)));
  };
  window.addEventListener("hashchange", onHashChange);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener("hashchange", onHashChange);
  };
}
