/** Fetches the log directory's bookmarks for what is shown, once the Bookmarks panel is open. */
import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { currentEntry } from "../../store/selectors/companions";
import { isPanelOpen } from "../../store/selectors/layout";
import { shownDataset } from "../../store/selectors/shown";
import { filesKey } from "../../store/selectors/table";
import type { Store } from "../../store/store";
import { latest } from "../browser/latest";

/** @param isActive There is one list of bookmarks on the page, that of the active view. */
export function startOfferedBookmarks(
  store: Store,
  api: Api,
  isActive: ReadonlySignal<boolean>,
): () => void {
  const wanted = computed(() => {
    const state = store.state.value;
    const isOpen = state.page.inspector === "bookmarks" && isPanelOpen(state, "right");
    const has = currentEntry(state)?.has_bookmarks === true && state.work.shown !== null;
    return isActive.value && isOpen && has ? filesKey(state) : "";
  });
  return latest(
    wanted,
    async (key, signal) => {
      const info = shownDataset(store.state.peek())?.info;
      if (key === "" || !info || store.state.peek().offeredBookmarks.of === key) return;
      const text = await api.datasets.bookmarks(info.id, signal);
      signal.throwIfAborted();
      const { fileToBookmarks } = await import("../../model/view/bookmark");
      const found = await fileToBookmarks(text);
      const { bookmarksOffered } = await import("../../store/actions/bookmarks");
      signal.throwIfAborted();
      store.dispatch(bookmarksOffered(key, found));
    },
    (error) => {
      void import("../../store/actions/bookmarks").then(({ bookmarksOffered }) =>
        store.dispatch(bookmarksOffered(wanted.peek(), [], messageOf(error))),
      );
    },
  );
}
