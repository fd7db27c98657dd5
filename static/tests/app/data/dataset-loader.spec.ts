import { describe, expect, it, vi } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { selectionOf } from "../../../src/model/view/selection";
import { setFilter } from "../../../src/store/actions/filter";
import { goToStep } from "../../../src/store/actions/place";
import { select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { shownDataset } from "../../../src/store/selectors/shown";
import type { Store } from "../../../src/store/store";
import { bytes, refused, unreachable } from "../../fakes/fake-transport";
import { dataset } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const [label] = dataset.columns as [Column];
const size: Column = { ...label, index: 1, name: "size", kind: "numeric", n_categories: 3 };

/** Two columns: a label to color by, and a number. */
function withNumbers(): FakeServer {
  const server = new FakeServer();
  server.datasets.set("a-10", { columns: [label, size] });
  return server;
}

const data = (store: Store) => shownDataset(store.state.peek());
const notices = ({ state }: Store) => state.peek().page.notices.map(({ message }) => message);

describe("a dataset", () => {
  it("is described once, and its label and color are fetched with it", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    expect(server.count("GET datasets/a-10")).toBe(1);
    expect(Object.keys(data(one)?.columns[0] ?? {}).sort()).toEqual(["codes", "text"]);
    expect(server.count(/columns/)).toBe(3);
  });

  it("that cannot be read says why, once, and in the server's words", async () => {
    const server = new FakeServer();
    const reason = "The checksum does not match: the file is damaged.";
    server.on("GET", "datasets/a-20", refused(422, "FormatError", reason));
    const { one } = await openPage(HERE, server);
    one.dispatch(goToStep(20));
    await pass(4000);
    expect(notices(one)).toEqual([reason]);
    expect(one.state.value.work.request).toEqual({ status: "failed", message: reason });
    expect(server.count("GET datasets/a-20")).toBe(1);
  });

  it("is asked for again when the connection has healed", async () => {
    const server = new FakeServer();
    server.on("GET", "datasets/a-20", unreachable());
    const { one } = await openPage(HERE, server);
    one.dispatch(goToStep(20));
    await pass(1000);
    server.restore("GET", "datasets/a-20");
    await pass(5000);
    one.request({ kind: "run" });
    await pass(1000);
    expect(data(one)?.info.id).toBe("a-20");
  });

  it("is fetched anew when its files are rewritten", async () => {
    const { one, server } = await openPage(HERE);
    await pass(3000);
    const { entries } = server.listing;
    server.write(entries.map((each) => (each.id === "a-10" ? { ...each, revision: "r2" } : each)));
    await pass(3000);
    expect(server.count("GET datasets/a-10")).toBe(2);
    expect(data(one)?.revision).toBe("r2");
    // What was computed of the old files answers nothing any more.
    const firsts = server.starts.filter(({ params }) => Object.keys(params).length === 0);
    expect(firsts).toHaveLength(2);
  });
});

describe("columns", () => {
  it("are fetched as soon as something shows them, each part once", async () => {
    const { one, server } = await openPage(HERE, withNumbers());
    await pass(1000);
    expect(data(one)?.columns[1]).toBeUndefined();
    const ref = { index: 1, name: "size" };
    one.dispatch(setSetting("sizeBy", ref));
    one.dispatch(setSetting("color", ref));
    one.dispatch(setFilter(ref, { kind: "range", column: ref, range: [0, 2], missing: false }));
    await pass(1000);
    expect(data(one)?.columns[1]?.numbers?.values).toEqual(Float32Array.of(1, 2, 3));
    expect(server.count(/columns\/1/)).toBe(1);
  });

  it("are fetched where a panel asks for one", async () => {
    const { one, server } = await openPage(HERE, withNumbers());
    await pass(1000);
    one.request({ kind: "load-column", column: 1, what: "values" });
    one.request({ kind: "load-column", column: 1, what: "values" });
    one.request({ kind: "load-column", column: 9, what: "text" });
    await pass(1000);
    expect(data(one)?.columns[1]?.values?.n_categories).toBe(2);
    expect(server.count(/columns\/1/)).toBe(1);
  });

  it("that are tagged are renewed, and shown as they were until then", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    const before = data(one)?.columns[0]?.codes;
    const tags = { edits: true, n_tagged: 1, revision: "t1" };
    server.datasets.set("a-10", { columns: [{ ...label, tags }] });
    server.on(
      "GET",
      "datasets/a-10/columns/0/codes",
      bytes(Uint16Array.of(1, 1, 1).buffer, { delay: 500 }),
    );
    server.write(server.listing.entries.map((each) => ({ ...each, tags: "t1" })));
    await pass(100);
    expect(data(one)?.columns[0]).toMatchObject({ isStale: true, codes: before });
    await pass(1000);
    expect(data(one)?.columns[0]?.isStale).toBeUndefined();
    expect(data(one)?.columns[0]?.codes?.codes).toEqual(Uint16Array.of(1, 1, 1));
  });

  it("that cannot be fetched say so once", async () => {
    const server = withNumbers();
    server.on("GET", "datasets/a-10/columns/1/numbers", refused(500, "Error", "No memory."));
    const { one } = await openPage(HERE, server);
    one.dispatch(setSetting("sizeBy", { index: 1, name: "size" }));
    await pass(1000);
    expect(notices(one)).toEqual(["No memory."]);
    expect(server.count(/columns\/1/)).toBe(1);
  });
});

describe("images", () => {
  const sprite = { tile: [2, 2], columns: 2, n_points: 3, width: 4, height: 4 } as const;

  function withSprite(): FakeServer {
    const server = new FakeServer();
    server.datasets.set("a-10", { sprite });
    server.on("GET", "datasets/a-10/sprite", bytes(new ArrayBuffer(4)));
    return server;
  }

  it("are fetched once they are shown, or one of them in a card", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.resolve({ width: 4, height: 4 }));
    const { one, server } = await openPage(HERE, withSprite());
    await pass(1000);
    expect(server.count(/sprite/)).toBe(0);
    one.dispatch(select(selectionOf([1])));
    one.dispatch(setSetting("sprites", true));
    await pass(1000);
    expect(data(one)?.sprite).toMatchObject({ status: "ready", value: { nTiles: 3, columns: 2 } });
    expect(server.count(/sprite/)).toBe(1);
  });

  it("that cannot be fetched are given up, with the reason", async () => {
    const server = withSprite();
    server.on("GET", "datasets/a-10/sprite", refused(415, "FormatError", "It is no image."));
    const { one } = await openPage(HERE, server);
    one.dispatch(setSetting("sprites", true));
    await pass(1000);
    expect(notices(one)).toEqual(["The images cannot be shown: It is no image."]);
    expect(data(one)?.sprite.status).toBe("failed");
  });
});
