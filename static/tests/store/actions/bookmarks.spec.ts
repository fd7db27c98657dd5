import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { decodeUrl } from "../../../src/model/view/url-state";
import {
  addBookmark,
  addBookmarks,
  bookmarksOffered,
  removeBookmark,
  renameBookmark,
} from "../../../src/store/actions/bookmarks";
import { listingLoaded } from "../../../src/store/actions/place";
import { nameSelection, select } from "../../../src/store/actions/selection";
import type { State } from "../../../src/store/state/state";
import { type Action, createStore, type RootAction } from "../../../src/store/store";
import { listing } from "../fixtures";

function stateAfter(...actions: (Action | RootAction)[]): State {
  const store = createStore();
  for (const action of actions) store.dispatch(action);
  return store.state.peek();
}

const names = ({ bookmarks }: State) => bookmarks.map(({ name }) => name);
const rows = selectionOf(Array.from({ length: 3000 }, (_, at) => 2 * at));

describe("a bookmark", () => {
  it("holds the view with every selected row, and the saved selections", () => {
    const state = stateAfter(
      listingLoaded(listing, { run: "b" }),
      select(rows),
      nameSelection("even"),
      addBookmark(),
    );
    const [bookmark] = state.bookmarks;
    const { place, selection } = decodeUrl(bookmark?.address ?? "");
    expect(place).toMatchObject({ run: "b", name: "hidden", step: 10 });
    expect(selection).toEqual(rows);
    expect(bookmark?.selections.map(({ name }) => name)).toEqual(["even"]);
  });

  it("gets a name that no other one has", () => {
    const two = stateAfter(addBookmark(), addBookmark());
    expect(names(two)).toEqual(["View 1", "View 2"]);
    const three = stateAfter(addBookmark(), addBookmark(), removeBookmark(0), addBookmark());
    expect(names(three)).toEqual(["View 2", "View 3"]);
  });

  it("is renamed, though not to nothing", () => {
    const state = stateAfter(addBookmark(), renameBookmark(0, "  Start "));
    expect(names(state)).toEqual(["Start"]);
    expect(renameBookmark(0, "  ")(state)).toBe(state);
    expect(names(renameBookmark(7, "x")(state))).toEqual(["Start"]);
  });

  it("of a file comes behind one's own", () => {
    const more = [{ name: "Theirs", address: "", selections: [] }];
    expect(names(stateAfter(addBookmark(), addBookmarks(more)))).toEqual(["View 1", "Theirs"]);
  });
});

it("bookmarks that are offered say what they are of, or why there are none", () => {
  expect(stateAfter(bookmarksOffered("a", [])).offeredBookmarks).toMatchObject({
    of: "a",
    value: [],
  });
  expect(stateAfter(bookmarksOffered("a", [], "Deleted.")).offeredBookmarks.error).toBe("Deleted.");
});
