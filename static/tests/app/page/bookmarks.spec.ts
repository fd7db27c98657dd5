import { describe, expect, it, vi } from "vitest";
import { placeOf } from "../../../src/model/data/listing";
import { bookmarksToText } from "../../../src/model/view/bookmark";
import { selectionOf } from "../../../src/model/view/selection";
import { addBookmark, renameBookmark } from "../../../src/store/actions/bookmarks";
import { openInspector } from "../../../src/store/actions/page";
import { nameSelection, select, undo } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { splitView } from "../../../src/store/actions/views";
import { selection } from "../../../src/store/selectors/shown";
import { refused, text } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const KEY = "projector.bookmarks /runs";

describe("bookmarks", () => {
  it("are kept in the browser, those of each log directory apart", async () => {
    const { one, browser } = await openPage("#run=a&step=10");
    one.dispatch(addBookmark());
    one.dispatch(renameBookmark(0, "The start"));
    const kept = browser.storage.get(KEY) ?? "";
    expect(kept).toContain("The start");
    const again = await openPage("", new FakeServer(), ({ storage }) => storage.set(KEY, kept));
    expect(again.one.state.value.bookmarks.map(({ name }) => name)).toEqual(["The start"]);
    const broken = await openPage("", new FakeServer(), ({ storage }) => storage.set(KEY, "{"));
    expect(broken.one.state.value.bookmarks).toEqual([]);
  });

  it("say so where the browser keeps no more of them", async () => {
    const { one, browser } = await openPage("#run=a&step=10");
    browser.isStorageFull = true;
    one.dispatch(addBookmark());
    expect(one.state.value.page.notices[0]?.message).toMatch(/^The browser keeps no more/);
  });

  it("bring back the place, the view and the selections, as one change", async () => {
    const { one } = await openPage("#run=a&step=10");
    one.dispatch(setSetting("color", null));
    one.dispatch(select(selectionOf([1])));
    one.dispatch(nameSelection("middle"));
    one.dispatch(addBookmark());
    const [bookmark] = one.state.value.bookmarks;
    if (!bookmark) throw new Error("It was added.");
    const other = await openPage("#run=b");
    other.one.request({ kind: "show-bookmark", bookmark });
    await pass(1000);
    const state = other.one.state.peek();
    expect(state.work.shown?.dataset).toBe("a-10");
    expect([...selection(state)]).toEqual([1]);
    expect(state.attention.named.map(({ name }) => name)).toEqual(["middle"]);
    expect(state.view.color).toBeNull();
    other.one.dispatch(undo());
    expect(other.one.state.value.view.color).toBeUndefined();
    expect(other.one.state.value.attention.named).toEqual([]);
  });

  it("bring back all views, each with its place", async () => {
    const { one, root } = await openPage("#run=a&step=10");
    root.dispatch(splitView({ place: placeOf(entry("b", 10)) }));
    await pass(1000);
    one.dispatch(addBookmark());
    const [bookmark] = one.state.value.bookmarks;
    if (!bookmark) throw new Error("It was added.");
    const other = await openPage("#run=b");
    other.one.request({ kind: "show-bookmark", bookmark });
    await pass(1000);
    const { order, active, views } = other.root.state.peek();
    expect(order.map((id) => views[id]?.work.shown?.dataset)).toEqual(["a-10", "b-10"]);
    expect(order.indexOf(active)).toBe(1);
  });

  it("of one view change the active one alone", async () => {
    const { one } = await openPage("#run=a&step=10");
    one.dispatch(addBookmark());
    const [bookmark] = one.state.value.bookmarks;
    if (!bookmark) throw new Error("It was added.");
    const other = await openPage("#run=b");
    other.root.dispatch(splitView());
    other.root.request("2", { kind: "show-bookmark", bookmark });
    await pass(1000);
    const { order, views } = other.root.state.peek();
    expect(order.map((id) => views[id]?.view.place?.run)).toEqual(["b", "a"]);
  });

  it("of a run that is not there leave the view where it is", async () => {
    const { one } = await openPage("#run=b");
    const bookmark = { name: "x", address: "method=pca&color=-", selections: [] };
    one.request({ kind: "show-bookmark", bookmark });
    await pass(1000);
    expect(one.state.value.view.place?.run).toBe("b");
    expect(one.state.value.view.color).toBeNull();
  });

  it("are saved to a file and read from one, whose first is shown", async () => {
    const { one, browser } = await openPage("#run=a&step=10");
    vi.stubGlobal("URL", { createObjectURL: () => "blob:", revokeObjectURL: () => undefined });
    one.request({ kind: "save-bookmarks" });
    await pass();
    expect(browser.downloads).toEqual(["projector-bookmarks.json"]);
    const [first, second] = ["run=a&tensor=hidden&step=20", "run=b"].map((address, at) => ({
      name: `Place ${at}`,
      address,
      selections: [],
    }));
    if (!first || !second) throw new Error("two bookmarks");
    const file = new File([bookmarksToText([first, second])], "mine.json");
    one.request({ kind: "open-bookmarks", file });
    await pass(1000);
    await vi.waitFor(() => expect(one.state.value.bookmarks).toHaveLength(2));
    expect(one.state.value.view.place?.step).toBe(20);
  });

  it("that are none say so", async () => {
    const { one } = await openPage("#run=a&step=10");
    one.request({ kind: "open-bookmarks", file: new File(["{"], "mine.json") });
    await vi.waitFor(() => expect(one.state.value.page.notices).toHaveLength(1));
    expect(one.state.value.page.notices[0]?.message).toMatch(/not valid JSON/);
  });
});

it("a link to the view is copied whole", async () => {
  const { one } = await openPage("#run=a&step=10");
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: (link: string) => Promise.resolve(void copied.push(link)) },
  });
  one.request({ kind: "copy-link" });
  await pass();
  expect(copied[0]).toMatch(/^http:\/\/localhost\/#run=a&tensor=hidden&step=10/);
  expect(one.state.value.page.notices[0]?.kind).toBe("info");
});

describe("bookmarks of the log directory", () => {
  const server = () => new FakeServer([{ ...entry("a", 10), has_bookmarks: true }, entry("b", 10)]);
  const file = bookmarksToText([{ name: "Theirs", address: "run=a", selections: [] }]);

  it("are asked for once they are looked at, where there are any", async () => {
    const fake = server().on("GET", "datasets/a-10/bookmarks", text(file));
    const { one } = await openPage("#run=a", fake);
    await pass(1000);
    expect(fake.count(/bookmarks/)).toBe(0);
    one.dispatch(openInspector("bookmarks"));
    await pass(100);
    expect(one.state.value.offeredBookmarks.value?.map(({ name }) => name)).toEqual(["Theirs"]);
    one.dispatch(openInspector("filter"));
    one.dispatch(openInspector("bookmarks"));
    await pass(100);
    expect(fake.count(/bookmarks/)).toBe(1);
  });

  it("that cannot be read say why", async () => {
    const fake = server().on("GET", "datasets/a-10/bookmarks", refused(404, "Error", "Deleted."));
    const { one } = await openPage("#run=a", fake);
    one.dispatch(openInspector("bookmarks"));
    await pass(100);
    expect(one.state.value.offeredBookmarks).toMatchObject({ value: [], error: "Deleted." });
  });
});
