/** Stores bookmarks in the browser, saves them to files, opens and shows them. */
import { effect } from "@preact/signals";
import { nearestEntry, placeOf } from "../../model/data/listing";
import {
  type Bookmark,
  bookmarksToText,
  fileToBookmarks,
  namedSelections,
  type SavedRows,
  textToBookmarks,
} from "../../model/view/bookmark";
import { decodePage } from "../../model/view/page-url";
import type { UrlState } from "../../model/view/url-state";
import { addBookmarks, setBookmarks } from "../../store/actions/bookmarks";
import { notify, setCamerasLinked, setMatchBy } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import { restoreSelections, select } from "../../store/actions/selection";
import { restoreView } from "../../store/actions/view";
import { activateView, openViews } from "../../store/actions/views";
import type { Handlers } from "../../store/handlers";
import { listingOf } from "../../store/selectors/listing";
import { wholeAddress } from "../../store/selectors/page-address";
import { activeScope, type RootStore, type Store, scope } from "../../store/store";
import { saveFile } from "../browser/download";
import { recall, remember } from "../browser/storage";

const KEY = "bookmarks ";

/** Stores the bookmarks of each log directory in the browser. */
export function startBookmarks(store: Store): () => void {
  const root = store.select((state) => listingOf(state)?.root ?? null);
  const bookmarks = store.select((state) => state.bookmarks);
  let kept: readonly Bookmark[] | null = null;
  const stops = [
    effect(() => {
      if (root.value === null) return;
      kept = remembered(KEY + root.value);
      store.dispatch(setBookmarks(kept));
    }),
    effect(() => {
      const now = bookmarks.value;
      if (root.peek() === null || now === kept) return;
      kept = now;
      const isKept = remember(KEY + root.peek(), now.length > 0 ? bookmarksToText(now) : null);
      if (!isKept) {
        const message = "The browser keeps no more bookmarks: save them to a file.";
        store.dispatch(notify("warning", message));
      }
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export function bookmarkRequests(
  root: RootStore,
): Handlers<"show-bookmark" | "save-bookmarks" | "open-bookmarks" | "copy-link"> {
  return {
    "show-bookmark": ({ bookmark }) => showBookmark(root, bookmark),
    "save-bookmarks"(_, view) {
      const text = bookmarksToText(view.state.peek().bookmarks);
      saveFile([text], "projector-bookmarks.json", "application/json");
    },
    async "open-bookmarks"({ file }, view) {
      const read = await fileToBookmarks(await file.text());
      view.dispatch(addBookmarks(read));
      const [first] = read;
      if (first) showBookmark(root, first);
    },
    async "copy-link"(_, view) {
      const address = wholeAddress(root.state.peek());
      await navigator.clipboard.writeText(`${location.href.replace(/#.*/s, "")}#${address}`);
      const n = root.state.peek().order.length;
      const what = n === 1 ? "this view" : `these ${n} views`;
      view.dispatch(notify("info", `The link to ${what} is in the clipboard.`));
    },
  };
}

function remembered(key: string): readonly Bookmark[] {
  const text = recall(key);
  try {
    return text === null ? [] : textToBookmarks(text);
  } catch {
    return [];
  }
}

/** Of several views it opens all, of one it changes the active one. */
function showBookmark(root: RootStore, { address, selections }: Bookmark): void {
  const { views, active, areCamerasLinked, matchBy } = decodePage(address);
  const [only] = views;
  const shown = activeScope(root);
  if (views.length === 1 && only) {
    showView(shown, only, selections);
    return;
  }
  root.dispatch(openViews(views.map(() => ({}))));
  shown.dispatch(setCamerasLinked(areCamerasLinked));
  shown.dispatch(setMatchBy(matchBy));
  const { order } = root.state.peek();
  order.forEach((id, at) => {
    const url = views[at];
    // Views of the same points have the same selections: they are restored once.
    if (url) showView(scope(root, id), url, at === active ? selections : []);
  });
  root.dispatch(activateView(order[active] ?? root.state.peek().active));
}

/** One change for undo. A place that does not exist here leaves the place as it is. */
function showView(view: Store, decoded: UrlState, selections: readonly SavedRows[]): void {
  const { place } = decoded;
  const listing = listingOf(view.state.peek());
  const isPlaced = place.run !== undefined || place.name !== undefined;
  const entry = isPlaced && listing ? nearestEntry(listing, place) : null;
  if (entry) view.dispatch(goTo(placeOf(entry)));
  view.dispatch((state) => {
    const { camera = null } = decoded.view;
    const restored = restoreView({ ...decoded.view, camera })(state);
    const named = selections.length > 0 ? restoreSelections(namedSelections(selections)) : null;
    const withNames = named ? named(restored) : restored;
    return select(decoded.selection)(withNames);
  });
}
