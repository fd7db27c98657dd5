import { describe, expect, it, vi } from "vitest";
import {
  columnOf,
  emptyTable,
  type TagTable,
  tableToFile,
  withTag,
} from "../../../src/model/data/tags";
import { undo } from "../../../src/store/actions/selection";
import { openTagging, tagRows } from "../../../src/store/actions/tags";
import { hasUnsaved, shownKept, shownTags } from "../../../src/store/selectors/tags";
import type { Store } from "../../../src/store/store";
import { json, refused, unreachable } from "../../fakes/fake-transport";
import { dataset } from "../../store/fixtures";
import { eventWith } from "../fake-browser";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

/** The form is open, and what the server has is known. */
async function tagging(server = new FakeServer()): Promise<OpenPage> {
  const page = await openPage("#run=a&step=10", server);
  page.one.dispatch(openTagging(true));
  await pass(100);
  return page;
}

const theirs = withTag(emptyTable("hidden", 3), "kind", [2], "theirs");

/** Another page writes a file of tags. */
function writeTags(server: FakeServer, table: TagTable, revision: string): void {
  server.tags.set("a", { text: tableToFile(table).join(""), revision });
  server.write(server.listing.entries.map((each) => ({ ...each, tags: revision })));
}

const status = (store: Store) => shownKept(store.state.peek())?.status;
const puts = /^PUT datasets\/a-10\/tags/;
const text = (store: Store, row: number) => {
  const column = columnOf(shownTags(store.state.peek()) ?? emptyTable("", 3), "kind");
  return column?.texts[(column.codes[row] ?? 0) - 1];
};

describe("tags that are made", () => {
  it("are saved at once, and so is what is taken back", async () => {
    const { one, server } = await tagging();
    one.dispatch(tagRows("kind", [0], "odd"));
    expect(status(one)).toBe("saving");
    await pass();
    expect(status(one)).toBe("clean");
    expect(shownKept(one.state.value)?.revision).toBe("r1");
    one.dispatch(undo());
    await pass();
    expect(server.count(puts)).toBe(2);
    expect(hasUnsaved(one.state.value)).toBe(false);
  });

  it("wait for those before them, and are saved together", async () => {
    const { one, server } = await tagging();
    server.on(
      "PUT",
      "datasets/a-10/tags",
      json({ ...dataset.tags, revision: "r1" }, { delay: 500 }),
    );
    one.dispatch(tagRows("kind", [0], "odd"));
    one.dispatch(tagRows("kind", [1], "even"));
    one.dispatch(tagRows("kind", [2], "odd"));
    await pass(499);
    expect(server.count(puts)).toBe(1);
    await pass(600);
    expect(server.count(puts)).toBe(2);
    expect(hasUnsaved(one.state.value)).toBe(false);
  });

  it("stay where they cannot be saved, and are saved when asked again", async () => {
    const { one, server } = await tagging();
    server.on("PUT", "datasets/a-10/tags", refused(500, "SaveError", "The disk is full."));
    one.dispatch(tagRows("kind", [0], "odd"));
    await pass();
    expect(status(one)).toBe("failed");
    expect(shownKept(one.state.value)?.message).toBe("The disk is full.");
    // The form shows it; where it is closed the page has to.
    expect(one.state.value.page.notices).toEqual([]);
    one.dispatch(tagRows("kind", [1], "odd"));
    await pass(1000);
    expect(server.count(puts)).toBe(1);
    server.restore("PUT", "datasets/a-10/tags");
    one.request({ kind: "save-tags", isForSession: false });
    await pass();
    expect(status(one)).toBe("clean");
    expect(hasUnsaved(one.state.value)).toBe(false);
  });

  it("say on the page that they are not saved where their form is closed", async () => {
    const { one, server } = await tagging();
    server.on("PUT", "datasets/a-10/tags", unreachable());
    one.dispatch(tagRows("kind", [0], "odd"));
    one.dispatch(openTagging(false));
    await pass();
    expect(one.state.value.page.notices[0]?.message).toMatch(/^The tags are not saved: /);
  });

  it("are kept for the session where no file can be written, from then on", async () => {
    const { one, server } = await tagging();
    server.on(
      "PUT",
      "datasets/a-10/tags",
      refused(403, "SaveError", "Read only."),
      json({ ...dataset.tags, file: null, revision: "m1" }),
    );
    one.dispatch(tagRows("kind", [0], "odd"));
    await pass();
    one.request({ kind: "save-tags", isForSession: true });
    await pass();
    one.dispatch(tagRows("kind", [1], "odd"));
    await pass();
    const queries = server.sent.filter(({ method }) => method === "PUT").map(({ query }) => query);
    expect(queries).toEqual([{}, { keep: "session" }, { keep: "session" }]);
  });

  it("keep the browser from closing the page before they are saved", async () => {
    const { one, server, browser } = await tagging();
    const closes = () => {
      const event = eventWith("beforeunload", {});
      browser.window.dispatchEvent(event);
      return !event.defaultPrevented;
    };
    server.on("PUT", "datasets/a-10/tags", unreachable());
    expect(closes()).toBe(true);
    one.dispatch(tagRows("kind", [0], "odd"));
    await pass();
    expect(closes()).toBe(false);
  });

  it("are downloaded under the name of their file", async () => {
    const { one, browser } = await tagging();
    one.dispatch(tagRows("kind", [0], "odd"));
    await pass();
    vi.stubGlobal("URL", { createObjectURL: () => "blob:", revokeObjectURL: () => undefined });
    one.request({ kind: "download-tags" });
    await pass();
    expect(browser.downloads).toEqual(["hidden.projector-tags.tsv"]);
  });
});

describe("tags of others", () => {
  it("are not asked for until the form is opened", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(1000);
    expect(server.count(/tags/)).toBe(0);
    expect(shownTags(one.state.value)).toBeNull();
  });

  it("are taken over where nothing is unsaved", async () => {
    const { one, server } = await tagging();
    writeTags(server, theirs, "t1");
    await pass(1000);
    expect(text(one, 2)).toBe("theirs");
    expect(shownKept(one.state.value)?.revision).toBe("t1");
    expect(hasUnsaved(one.state.value)).toBe(false);
  });

  it("are not asked for while something is unsaved: saving it detects them", async () => {
    const { one, server } = await tagging();
    const slow = json({ ...dataset.tags, revision: "r1" }, { delay: 500 });
    server.on("PUT", "datasets/a-10/tags", slow);
    one.dispatch(tagRows("kind", [0], "mine"));
    writeTags(server, theirs, "t1");
    await pass(400);
    expect(server.count("GET datasets/a-10/tags")).toBe(0);
    await pass(1000);
    expect(server.count("GET datasets/a-10/tags")).toBe(1);
    expect(text(one, 2)).toBe("theirs");
  });

  it("are a conflict where both have changed some, until a person settles it", async () => {
    const { one, server } = await tagging();
    server.tags.set("a", { text: tableToFile(theirs).join(""), revision: "t1" });
    one.dispatch(tagRows("kind", [0], "mine"));
    await pass();
    expect(status(one)).toBe("conflict");
    one.dispatch(tagRows("kind", [1], "mine"));
    await pass(1000);
    expect(server.count(puts)).toBe(1);
    one.request({ kind: "settle-tags", how: "merge" });
    await pass(100);
    expect([text(one, 0), text(one, 1), text(one, 2)]).toEqual(["mine", "mine", "theirs"]);
    expect(status(one)).toBe("clean");
    expect(server.count(puts)).toBe(2);
  });

  it("may stand in the place of one's own", async () => {
    const { one, server } = await tagging();
    server.tags.set("a", { text: tableToFile(theirs).join(""), revision: "t1" });
    one.dispatch(tagRows("kind", [0], "mine"));
    await pass();
    one.request({ kind: "settle-tags", how: "theirs" });
    await pass(100);
    expect([text(one, 0), text(one, 2)]).toEqual([undefined, "theirs"]);
    expect(hasUnsaved(one.state.value)).toBe(false);
    expect(server.count(puts)).toBe(1);
  });

  it("that cannot be read are reported", async () => {
    const { one, server } = await tagging();
    server.on("GET", "datasets/a-10/tags", refused(500, "Error", "Not readable."));
    writeTags(server, theirs, "t1");
    await pass(1000);
    expect(one.state.value.page.notices.map(({ message }) => message)).toEqual(["Not readable."]);
  });
});
