/** Bookmarks of the page: their code comes once a listing says whose they are, or one is asked for. */
import type { Handlers } from "../../store/handlers";
import { listingOf } from "../../store/selectors/listing";
import type { RootStore, Store } from "../../store/store";
import { Later } from "../browser/later";

type Kind = "show-bookmark" | "save-bookmarks" | "open-bookmarks" | "copy-link";

export interface BookmarkSync {
  readonly handlers: Handlers<Kind>;
  stop(): void;
}

export function startBookmarkSync(root: RootStore, store: Store): BookmarkSync {
  const load = () => import("./bookmarks");
  const handlers = async () => (await load()).bookmarkRequests(root);
  const isKnown = store.select((state) => listingOf(state) !== null);
  const memory = new Later(load, ({ startBookmarks }) => ({ stop: startBookmarks(store) }));
  return {
    handlers: {
      "show-bookmark": async (request, view) => (await handlers())["show-bookmark"](request, view),
      "save-bookmarks": async (request, view) =>
        (await handlers())["save-bookmarks"](request, view),
      "open-bookmarks": async (request, view) =>
        (await handlers())["open-bookmarks"](request, view),
      "copy-link": async (request, view) => (await handlers())["copy-link"](request, view),
    },
    stop: memory.when(isKnown),
  };
}
