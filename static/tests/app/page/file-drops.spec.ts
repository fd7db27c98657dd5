import { describe, expect, it } from "vitest";
import { runOfBatch } from "../../../src/model/data/file-drop";
import { openMethod } from "../../../src/store/actions/projection";
import { activateView, addView } from "../../../src/store/actions/views";
import type { Store } from "../../../src/store/store";
import { scope } from "../../../src/store/store";
import { json, refused } from "../../fakes/fake-transport";
import { entry, listing } from "../../store/fixtures";
import { eventWith, FakeElement } from "../fake-browser";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const vectors = new File(["1234"], "vectors.npy");
const labels = new File(["ab"], "labels.tsv");

const drops = ({ state }: Store) => state.peek().fileDrops.drops;
const place = ({ state }: Store) => state.peek().view.place;
const notices = ({ state }: Store) => state.peek().page.notices.map(({ message }) => message);

/** The server takes uploads and lists the batch of the first one. */
function taking(problems: readonly { path: string; message: string }[] = [], isFound = true) {
  const server = new FakeServer();
  const send = server.request.bind(server);
  server.on("POST", "uploads", json({ entries: ["new"] }, { delay: 100 }));
  server.request = (request) => {
    if (request.path[0] === "uploads") {
      const { batch } = request.query ?? {};
      const run = runOfBatch(String(batch));
      const entries = isFound ? [{ ...entry(run, 1), id: "new" }] : [];
      const found = problems.map((each) => ({ ...each, run, severity: "error" as const }));
      server.listing = {
        ...listing,
        version: "2",
        entries: [...listing.entries, ...entries],
        problems: found,
      };
    }
    return send(request);
  };
  return server;
}

describe("files that are given to the page", () => {
  it("are sent one after the other, and what they hold is opened", async () => {
    const { one, server } = await openPage("#run=a", taking());
    one.dispatch(openMethod("umap"));
    one.request({ kind: "open-files", files: [vectors, labels] });
    await pass();
    expect(drops(one)[0]?.files.map(({ state }) => state)).toEqual(["sending", "waiting"]);
    await pass(100);
    expect(drops(one)[0]?.files.map(({ state }) => state)).toEqual(["done", "sending"]);
    await pass(1000);
    expect(drops(one)).toEqual([]);
    expect(place(one)?.run).toMatch(/^dropped\//);
    // Another method might start long work that was not asked for.
    expect(one.state.value.view.method).toBe("pca");
    expect(notices(one)).toEqual(["Opened vectors.npy and labels.tsv, kept on this machine."]);
    const uploads = server.sent.filter(({ path }) => path[0] === "uploads");
    const names = uploads.map(({ query: { name } = {} }) => name);
    expect(names).toEqual(["vectors.npy", "labels.tsv"]);
  });

  it("are opened in the view in which they were given", async () => {
    const { root, one } = await openPage("#run=a", taking());
    root.dispatch(addView());
    const two = scope(root, "2");
    two.request({ kind: "open-files", files: [vectors] });
    root.dispatch(activateView("1"));
    await pass(1000);
    expect(place(two)?.run).toMatch(/^dropped\//);
    expect(place(one)?.run).toBe("a");
  });

  it("show how far they are, though not each piece of the way", async () => {
    const server = taking();
    server.on("POST", "uploads", json({ entries: [] }, { delay: 100, progress: [1, 2, 3] }));
    const { one } = await openPage("#run=a", server);
    one.request({ kind: "open-files", files: [vectors] });
    await pass();
    expect(drops(one)[0]?.files[0]?.sent).toBe(1);
    await pass(1000);
  });

  it("may be refused one by one: the others are opened", async () => {
    const server = taking();
    server.on(
      "POST",
      "uploads",
      json({ entries: ["new"] }),
      refused(413, "MemoryLimitError", "Too large."),
    );
    const { one } = await openPage("#run=a", server);
    one.request({ kind: "open-files", files: [vectors, labels] });
    await pass(1000);
    expect(place(one)?.run).toMatch(/^dropped\//);
    expect(drops(one)[0]?.state).toBe("failed");
    expect(drops(one)[0]?.files.map(({ message }) => message)).toEqual([null, "Too large."]);
  });

  it("are not looked for in the listing where all of them are refused", async () => {
    const server = taking([], false);
    server.on("POST", "uploads", refused(413, "MemoryLimitError", "Too large."));
    const { one } = await openPage("#run=a", server);
    const before = server.count("GET log?form=short");
    one.request({ kind: "open-files", files: [vectors] });
    await pass(1000);
    expect(drops(one)[0]).toMatchObject({ state: "failed", files: [{ message: "Too large." }] });
    expect(server.count("GET log?form=short")).toBe(before);
  });

  it("say what is wrong with them, each by its name", async () => {
    const problem = { path: "uploads/x/labels.tsv", message: "Line 3 has two columns." };
    const { one } = await openPage("#run=a", taking([problem], false));
    one.request({ kind: "open-files", files: [vectors, labels] });
    await pass(1000);
    expect(drops(one)[0]?.files.map(({ message }) => message)).toEqual([null, problem.message]);
    expect(place(one)?.run).toBe("a");
  });

  it("say where nothing was found in them", async () => {
    const { one } = await openPage("#run=a", taking([], false));
    one.request({ kind: "open-files", files: [vectors] });
    await pass(1000);
    expect(drops(one)[0]?.files[0]?.message).toMatch(/^No embedding was found/);
  });

  it("say where the log directory cannot be read", async () => {
    const server = taking();
    server.on("GET", "log", refused(500, "Error", "Gone."));
    const { one } = await openPage("#run=a", server);
    one.request({ kind: "open-files", files: [vectors] });
    await pass(1000);
    expect(drops(one)[0]?.files[0]?.message).toMatch(/could not be read/);
  });

  it("are taken back while they are on their way", async () => {
    const { one, server } = await openPage("#run=a", taking());
    one.request({ kind: "open-files", files: [vectors, labels] });
    await pass(50);
    one.request({ kind: "cancel-drop", batch: drops(one)[0]?.batch ?? "" });
    await pass(1000);
    expect(drops(one)).toEqual([]);
    expect(place(one)?.run).toBe("a");
    expect(server.count(/uploads/)).toBe(1);
  });

  it("are none where no file is given", async () => {
    const { one, server } = await openPage();
    one.request({ kind: "open-files", files: [] });
    await pass(1000);
    expect(server.count(/uploads/)).toBe(0);
  });
});

describe("files that are dragged", () => {
  const over = (files: readonly File[], isFolder = false) => ({
    dataTransfer: {
      types: ["Files"],
      dropEffect: "none",
      files,
      items: files.map(() => ({
        kind: "file",
        webkitGetAsEntry: () => ({ isDirectory: isFolder }),
      })),
    },
  });

  it("are counted while they are over the page, and taken where they are dropped", async () => {
    const { one, browser } = await openPage("#run=a", taking());
    const drag = (name: string) =>
      browser.window.dispatchEvent(eventWith(name, over([vectors, labels])));
    drag("dragenter");
    drag("dragenter");
    drag("dragleave");
    expect(one.state.value.fileDrops.dragged).toBe(2);
    drag("dragleave");
    expect(one.state.value.fileDrops.dragged).toBeNull();
    drag("dragenter");
    const dragged = eventWith("dragover", over([vectors]));
    browser.window.dispatchEvent(dragged);
    expect([dragged.defaultPrevented, dragged.dataTransfer.dropEffect]).toEqual([true, "copy"]);
    drag("drop");
    expect(one.state.value.fileDrops.dragged).toBeNull();
    await pass(1000);
    expect(place(one)?.run).toMatch(/^dropped\//);
  });

  it("are left alone where they are no files, and refused where they are a folder", async () => {
    const { one, browser, server } = await openPage("#run=a", taking());
    const text = eventWith("drop", {
      dataTransfer: { types: ["text/plain"], items: [], files: [] },
    });
    browser.window.dispatchEvent(text);
    expect(text.defaultPrevented).toBe(false);
    browser.window.dispatchEvent(eventWith("drop", over([vectors], true)));
    await pass(1000);
    expect(notices(one)[0]).toMatch(/^A folder cannot be dropped/);
    expect(server.count(/uploads/)).toBe(0);
  });

  it("may be chosen in place of it", async () => {
    const { one } = await openPage("#run=a", taking());
    const field = new FakeElement();
    field.files = [vectors];
    Object.assign(document, { createElement: () => field });
    one.request({ kind: "choose-files" });
    field.dispatchEvent(new Event("change"));
    await pass(1000);
    expect(place(one)?.run).toMatch(/^dropped\//);
  });
});
