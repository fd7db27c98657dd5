import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HOME_2D, roll } from "../../../src/model/camera/camera";
import { selectionOf } from "../../../src/model/view/selection";
import { addIsolationStep } from "../../../src/store/actions/filter";
import { select } from "../../../src/store/actions/selection";
import { selection } from "../../../src/store/selectors/shown";
import { json } from "../../fakes/fake-transport";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";

describe("the camera", () => {
  it("goes home, turns, and flies to points", async () => {
    const { one, cloud } = await openPage(HERE);
    one.request({ kind: "roll", degrees: 90 });
    expect(one.state.value.view.camera).toEqual(roll(HOME_2D, Math.PI / 2));
    one.request({ kind: "home" });
    expect(one.state.value.view.camera).toEqual(HOME_2D);
    one.request({ kind: "fly", indices: [] });
    expect(cloud.calls).not.toContain("flyTo");
    one.request({ kind: "fly", indices: selectionOf([1]) });
    expect(cloud.calls).toContain("flyTo");
  });
});

describe("a selection", () => {
  it("may be of all that is shown, or of the rest of it", async () => {
    const { one } = await openPage(HERE);
    await pass(1000);
    one.dispatch(addIsolationStep("hide", selectionOf([1])));
    one.request({ kind: "select-shown" });
    expect([...selection(one.state.peek())]).toEqual([0, 2]);
    one.dispatch(select(selectionOf([0])));
    one.request({ kind: "invert-selection" });
    expect([...selection(one.state.peek())]).toEqual([2]);
  });
});

describe("an export", () => {
  // It is fetched with the first file, which no clock of a test waits for.
  beforeAll(() => import("../../../src/app/view/export-files"));
  afterEach(() => void vi.restoreAllMocks());

  /** Files are read as they are given to the browser. */
  async function files() {
    const page = await openPage(HERE);
    await pass(1000);
    const blobs: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => String(blobs.push(blob as Blob)));
    return { ...page, blobs };
  }

  it("of positions has a row for each point, with its label", async () => {
    const { one, browser, blobs } = await files();
    one.request({ kind: "export", what: "projection-csv" });
    await pass();
    expect(browser.downloads).toEqual(["a-hidden-10-pca-2d.csv"]);
    expect((await blobs[0]?.text())?.trim().split(/\r?\n/)).toEqual([
      "row,label,x,y",
      "0,x,1,1",
      "1,y,1,1",
      "2,x,1,1",
    ]);
  });

  it("of metadata is the file's own text; of a selection it has row numbers", async () => {
    const { one, browser, blobs } = await files();
    one.request({ kind: "export", what: "metadata" });
    await pass();
    one.dispatch(select(selectionOf([1])));
    one.request({ kind: "export", what: "selection" });
    await pass();
    expect(browser.downloads).toEqual(["a-hidden-10-metadata.tsv", "a-hidden-10-selection.tsv"]);
    expect(await blobs[0]?.text()).toMatch(/^label\r?\nx\r?\ny\r?\nx/);
    expect(await blobs[1]?.text()).toMatch(/^row\tlabel\r?\n1\ty/);
  });

  it("may be an image of the plot, by method or by data", async () => {
    const { one, browser } = await files();
    one.request({ kind: "save-image" });
    one.request({ kind: "export", what: "svg" });
    await pass();
    expect([...browser.downloads].sort()).toEqual(["a-hidden-10-pca-2d.svg", "pca.png"]);
  });

  it("says why there is nothing to export", async () => {
    const { one, browser } = await files();
    one.request({ kind: "export", what: "selection" });
    await pass();
    const server = new FakeServer();
    server.instant = new Set();
    const empty = await openPage("#run=a&method=umap", server);
    empty.one.request({ kind: "export", what: "png" });
    await pass();
    const notices = [one, empty.one].map(({ state }) => state.value.page.notices[0]?.message);
    expect(notices[0]).toMatch(/selection is empty/);
    expect(notices[1]).toMatch(/^There is no/);
    expect(browser.downloads).toEqual([]);
  });
});

it("the demo is opened at its last step", async () => {
  const server = new FakeServer();
  const { one } = await openPage("#run=b", server);
  server.on("POST", "demo", json({ entries: ["a-10"] }));
  one.request({ kind: "open-demo" });
  await pass(1000);
  expect(one.state.value.work.shown?.dataset).toBe("a-20");
});
