/** Bookmarks: kept in the browser, written to files, read from them, shown again. */
import { effect } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { nearestEntry, placeOf } from "../../model/data/listing";
import {
  type Bookmark,
  bookmarksToText,
  namedSelections,
  textToBookmarks,
} from "../../model/view/bookmark";
import { decodeUrl } from "../../model/view/url-state";
import {
  addBookmarks,
  bookmarkOf,
  bookmarksOffered,
  setBookmarks,
} from "../../store/actions/bookmarks";
import { notify } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import { restoreSelections, select } from "../../store/actions/selection";
import { restoreView } from "../../store/actions/view";
import type { PageRequest } from "../../store/requests";
import { currentEntry } from "../../store/selectors/companions";
import { shownDataset } from "../../store/selectors/shown";
import { filesKey } from "../../store/selectors/table";
import type { Store } from "../../store/store";
import { saveFile } from "../browser/download";
import { latest } from "../browser/latest";
import { recall, remember } from "../browser/storage";

const KEY = "bookmarks ";

export function startBookmarks(store: Store, api: Api): () => void {
  const root = store.select(({ log }) =>
    log.listing.status === "ready" ? log.listing.value.root : null,
  );
  const bookmarks = store.select((state) => state.bookmarks);
  let kept: readonly Bookmark[] | null = null;
  const stops = [
    // Each log has its own.
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
    offer(store, api),
    store.onRequest((intent) => {
      perform(store, intent).catch((error: unknown) => {
        store.dispatch(notify("error", messageOf(error)));
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Fetch what the log has for the shown dataset, once somebody looks at the bookmarks. */
function offer(store: Store, api: Api): () => void {
  const wanted = store.select((state) => {
    const isOpen = state.page.inspector === "bookmarks" && state.layout.open.right;
    const has = currentEntry(state)?.has_bookmarks === true;
    return isOpen && has && state.work.shown ? filesKey(state) : "";
  });
  return latest(
    wanted,
    async (key, signal) => {
      const info = shownDataset(store.state.peek())?.info;
      if (key === "" || !info || store.state.peek().offered.of === key) return;
      const text = await api.datasets.bookmarks(info.id, signal);
      signal.throwIfAborted();
      store.dispatch(bookmarksOffered(key, textToBookmarks(text)));
    },
    (error) => store.dispatch(bookmarksOffered(wanted.peek(), [], messageOf(error))),
  );
}

function remembered(key: string): readonly Bookmark[] {
  const text = recall(key);
  try {
    return text === null ? [] : textToBookmarks(text);
  } catch {
    return [];
  }
}

async function perform(store: Store, intent: PageRequest): Promise<void> {
  const state = store.state.peek();
  switch (intent.kind) {
    case "show-bookmark":
      showBookmark(store, intent.bookmark);
      return;
    case "save-bookmarks":
      saveFile([bookmarksToText(state.bookmarks)], "projector-bookmarks.json", "application/json");
      return;
    case "open-bookmarks": {
      const read = textToBookmarks(await intent.file.text());
      store.dispatch(addBookmarks(read));
      const [first] = read;
      if (first) showBookmark(store, first);
      return;
    }
    case "copy-link": {
      const { address } = bookmarkOf(state, "");
      await navigator.clipboard.writeText(`${location.href.replace(/#.*/s, "")}#${address}`);
      store.dispatch(notify("info", "The link to this view is in the clipboard."));
      return;
    }
  }
}

/** One change that can be undone; a place that is not in this log leaves the person where they are. */
function showBookmark(store: Store, { address, selections }: Bookmark): void {
  const { place, view, selection } = decodeUrl(address);
  const { listing } = store.state.peek().log;
  const isPlaced = place.run !== undefined || place.name !== undefined;
  const entry = isPlaced && listing.status === "ready" ? nearestEntry(listing.value, place) : null;
  if (entry) store.dispatch(goTo(placeOf(entry)));
  store.dispatch((state) => {
    const restored = restoreView({ ...view, camera: view.camera ?? null })(state);
    const named = selections.length > 0 ? restoreSelections(namedSelections(selections)) : null;
    const withNames = named ? named(restored) : restored;
    return select(selection)(withNames);
  });
}
