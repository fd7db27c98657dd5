/** Synchronizes the page's address with its views. */
import { computed, effect } from "@preact/signals";
import { nearestEntry, placeOf } from "../../model/data/listing";
import { decodePage } from "../../model/view/page-url";
import type { UrlState } from "../../model/view/url-state";
import { addressFound, setCamerasLinked, setMatchBy } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import { select } from "../../store/actions/selection";
import { restoreView } from "../../store/actions/view";
import { activateView, openViews } from "../../store/actions/views";
import { listingOf } from "../../store/selectors/listing";
import { addressOf } from "../../store/selectors/page-address";
import type { ViewId } from "../../store/state/view-id";
import { activeScope, type RootStore, scope, viewStates } from "../../store/store";
import type { PageAddress } from "../browser/address";

/** Browsers refuse more than about a hundred changes in ten seconds. */
const WRITE_MILLISECONDS = 250;

/** Take over what the address says, before anything is asked for: of each view. */
export function readUrl(root: RootStore, address: PageAddress): Map<ViewId, UrlState> {
  const { views, active, areCamerasLinked, matchBy } = decodePage(address.hash);
  const page = activeScope(root);
  page.dispatch(addressFound(address.isReal));
  page.dispatch(setCamerasLinked(areCamerasLinked));
  page.dispatch(setMatchBy(matchBy));
  // A view that the address opens shows nothing before the listing says what there is.
  root.dispatch(openViews(views.map((_, at) => (at === 0 ? {} : { place: null }))));
  const { order } = root.state.peek();
  const found = new Map<ViewId, UrlState>();
  order.forEach((id, at) => {
    const url = views[at];
    if (!url) return;
    found.set(id, url);
    const store = scope(root, id);
    store.dispatch(restoreView(url.view));
    store.dispatch(select(url.selection));
  });
  root.dispatch(activateView(order[active] ?? root.state.peek().active));
  return found;
}

export function startUrlSync(root: RootStore, address: PageAddress): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const states = viewStates(root);
  const encoded = computed(() => {
    const all = [...states.value.values()];
    // While nothing is shown, the address that the page was opened with may still be right.
    return all[0]?.work.shown ? addressOf(all) : null;
  });
  const stop = effect(() => {
    const text = encoded.value;
    clearTimeout(timer);
    if (text === null) return;
    // Where no browser counts, nothing is lost with a frame that is taken away a moment later.
    const wait = address.isReal ? WRITE_MILLISECONDS : 0;
    timer = setTimeout(() => {
      address.replace(text);
      activeScope(root).dispatch(addressFound(address.isReal));
    }, wait);
  });
  const onHashChange = () => {
    for (const [id, { place }] of readUrl(root, address)) {
      const store = scope(root, id);
      const listing = listingOf(store.state.peek());
      const entry = listing && nearestEntry(listing, place);
      if (entry) store.dispatch(goTo(placeOf(entry)));
    }
  };
  window.addEventListener("hashchange", onHashChange);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener("hashchange", onHashChange);
  };
}
