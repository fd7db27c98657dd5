/** Adds, renames and removes bookmarks. */
import { type Bookmark, freshBookmarkName, savedRows } from "../../model/view/bookmark";
import { wholeAddress } from "../selectors/page-address";
import type { RootState } from "../state/root-state";
import { stateOf } from "../state/state";
import type { Action, RootAction } from "../store";

export function setBookmarks(bookmarks: readonly Bookmark[]): Action {
  return (state) => ({ ...state, bookmarks });
}

/** All views as they are now, with the saved selections of the active one. */
function bookmarkOf(root: RootState, name: string): Bookmark {
  const { attention } = stateOf(root, root.active);
  return { name, address: wholeAddress(root), selections: savedRows(attention.named) };
}

/** The bookmarks that the log directory has for the dataset that `of` names, or why it has none. */
export function bookmarksOffered(
  of: string,
  value: readonly Bookmark[],
  error: string | null = null,
): Action {
  return (state) => ({ ...state, offeredBookmarks: { of, value, isLoading: false, error } });
}

export function addBookmark(): RootAction {
  return {
    inRoot(root) {
      const { bookmarks } = root.page;
      const added = bookmarkOf(root, freshBookmarkName(bookmarks));
      return { ...root, page: { ...root.page, bookmarks: [...bookmarks, added] } };
    },
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
