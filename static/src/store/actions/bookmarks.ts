/** Adds, renames and removes bookmarks. */
import { type Bookmark, freshBookmarkName, savedRows } from "../../model/view/bookmark";
import { encodeUrl } from "../../model/view/url-state";
import { selection } from "../selectors/shown";
import type { State } from "../state/state";
import type { Action } from "../store";

export function setBookmarks(bookmarks: readonly Bookmark[]): Action {
  return (state) => ({ ...state, bookmarks });
}

/** The view as it is now. */
export function bookmarkOf(state: State, name: string): Bookmark {
  return {
    name,
    address: encodeUrl(state.view, selection(state), true),
    selections: savedRows(state.attention.named),
  };
}

/** The bookmarks that the log directory has for the dataset that `of` names, or why it has none. */
export function bookmarksOffered(
  of: string,
  value: readonly Bookmark[],
  error: string | null = null,
): Action {
  return (state) => ({ ...state, offered: { of, value, isLoading: false, error } });
}

export function addBookmark(): Action {
  return (state) => {
    const added = bookmarkOf(state, freshBookmarkName(state.bookmarks));
    return setBookmarks([...state.bookmarks, added])(state);
  };
}

export function addBookmarks(more: readonly Bookmark[]): Action {
  return (state) => setBookmarks([...state.bookmarks, ...more])(state);
}

export function renameBookmark(at: number, name: string): Action {
  return (state) =>
    name.trim() === ""
      ? state
      : setBookmarks(
          state.bookmarks.map((each, index) =>
            index === at ? { ...each, name: name.trim() } : each,
          ),
        )(state);
}

export function removeBookmark(at: number): Action {
  return (state) => setBookmarks(state.bookmarks.filter((_, index) => index !== at))(state);
}
