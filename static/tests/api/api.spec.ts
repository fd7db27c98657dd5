import { describe, expect, it, vi } from "vitest";
import { createApi } from "../../src/api/api";
import type { Column, Dataset } from "../../src/model/data/dataset";
import type { Projection } from "../../src/model/projection/projection";
import {
  bytes,
  FakeTransport,
  json,
  refused,
  StreamSource,
  streamed,
  text,
} from "../fakes/fake-transport";
import { frameBytes } from "../fakes/frames";

function set() {
  const fake = new FakeTransport();
  return { fake, api: createApi(fake) };
}

const DATASET = { id: "a", n_points: 3 } as Dataset;
const COLUMN = { index: 2, number_bytes: 8, code_bytes: 2 } as Column;

describe("tags", () => {
  it("come with the revision that their ETag names", async () => {
    const { fake, api } = set();
    fake.on(
      "GET",
      "datasets/a/tags",
      text("row\tfruit\n", { headers: { ETag: '"r7"' } }),
      text("", { headers: { ETag: '"none"' } }),
    );
    expect(await api.tags.get("a")).toEqual({ text: "row\tfruit\n", revision: "r7" });
    expect(await api.tags.get("a")).toEqual({ text: "", revision: null });
  });

  it("are saved only over the revision that was seen", async () => {
    const { fake, api } = set();
    fake.on("PUT", "datasets/a/tags", json({ revision: "r8", file: null, beside: true }));
    const file = new Blob(["tags"]);
    await api.tags.put("a", file, "r7", false);
    expect(await api.tags.put("a", file, null, true)).toMatchObject({ revision: "r8" });
    expect(fake.log).toEqual(["PUT datasets/a/tags", "PUT datasets/a/tags?keep=session"]);
    expect(fake.sent.map(({ headers }) => headers)).toMatchObject([
      { "If-Match": '"r7"' },
      { "If-None-Match": "*" },
    ]);
  });

  it("are refused where somebody else saved others", async () => {
    const { fake, api } = set();
    fake.on("PUT", "datasets/a/tags", refused(409, "ConflictError", "Modified meanwhile."));
    const put = api.tags.put("a", new Blob([]), "r7", false);
    await expect(put).rejects.toMatchObject({ status: 409, type: "ConflictError" });
  });
});

describe("columns", () => {
  it("are read with the width that they have", async () => {
    const { fake, api } = set();
    fake.on("GET", "datasets/a/columns/2/numbers", bytes(new Float64Array([1, 2, 3]).buffer));
    fake.on("GET", "datasets/a/columns/2/codes", bytes(new Uint16Array([0, 1, 0]).buffer));
    expect(await api.columns.numbers(DATASET, COLUMN)).toEqual(new Float64Array([1, 2, 3]));
    expect(await api.columns.codes(DATASET, COLUMN)).toEqual(new Uint16Array([0, 1, 0]));
  });

  it("give categories as one list", async () => {
    const { fake, api } = set();
    const lists = { ranks: [4, 9], names: ["b", "c"], counts: [7, 1], n_found: 12 };
    fake.on("POST", "datasets/a/columns/2/categories", json(lists));
    expect(await api.columns.categoriesNamed("a", 2, ["b", "c"])).toEqual({
      categories: [
        { rank: 4, name: "b", count: 7 },
        { rank: 9, name: "c", count: 1 },
      ],
      nFound: 12,
    });
  });

  it("refuse an order of too few rows", async () => {
    const { fake, api } = set();
    fake.on("GET", "datasets/a/columns/2/order", bytes(new Uint32Array([1, 0]).buffer));
    await expect(api.columns.order(DATASET, 2, true)).rejects.toThrow(
      "sorted 2 rows; 3 were expected",
    );
    expect(fake.log).toEqual(["GET datasets/a/columns/2/order?descending=1"]);
  });
});

describe("points", () => {
  it("are searched for in one column or in all", async () => {
    const { fake, api } = set();
    // Two rows of four bytes, then the column of each in two.
    const found = new Uint8Array([5, 0, 0, 0, 9, 1, 0, 0, 2, 0, 0, 3]).buffer;
    fake.on("GET", "datasets/..%2Flog/search", bytes(found));
    expect(await api.points.search("../log", "a&b", null, false)).toEqual({
      rows: new Uint32Array([5, 265]),
      columns: new Uint16Array([2, 768]),
    });
    await api.points.search("../log", "^a", 3, true);
    expect(fake.log).toEqual([
      "GET datasets/..%2Flog/search?text=a%26b&columns=1",
      "GET datasets/..%2Flog/search?text=%5Ea&column=3&regex=1&columns=1",
    ]);
  });

  it("ask for neighbors by metric", async () => {
    const { fake, api } = set();
    fake.on("GET", "datasets/a/points/7/neighbors", json({}));
    await api.points.neighbors("a", 7, { k: 5, metric: "cosine" });
    expect(fake.log).toEqual(["GET datasets/a/points/7/neighbors?k=5&metric=cosine"]);
  });

  it("have media with addresses, and a reason where one cannot be shown", async () => {
    const { fake, api } = set();
    const place = { dataset: "a", index: 7, column: 1 };
    expect(await api.media.mediaUrl(place, "r")).toBe(
      "fake:datasets/a/points/7/media/1?revision=r",
    );
    fake.on("GET", "datasets/a/points/7/media/1", refused(404, "FormatError", "It is gone."));
    expect(await api.media.problem(place)).toBe("It is gone.");
    fake.on("GET", "datasets/a/points/7/media/1", text("no picture"));
    expect(await api.media.problem(place)).toBe("The browser cannot show this file.");
  });
});

describe("projections", () => {
  it("name the components that were chosen", async () => {
    const { fake, api } = set();
    fake.on("GET", "projections/p/positions", bytes(new ArrayBuffer(24)));
    const projection = { id: "p", n_points: 3, n_components: 3 } as Projection;
    expect((await api.projections.positions(projection, [2, 0])).dims).toBe(2);
    expect(fake.log).toEqual(["GET projections/p/positions?components=2%2C0"]);
  });

  it("are updated, stopped and acted upon", async () => {
    const { fake, api } = set();
    fake.on("PATCH", "projections/p", json({ id: "q" }));
    fake.on("POST", "projections/q/actions/perturb", json({ id: "r" }));
    fake.on("DELETE", "projections/r", text(""));
    expect(await api.projections.update("p", { exaggeration: 4 })).toEqual({ id: "q" });
    expect(await api.projections.act("q", "perturb")).toEqual({ id: "r" });
    await api.projections.stop("r");
    expect(fake.sent[0]?.body).toBe('{"params":{"exaggeration":4}}');
  });

  it("give frames in whatever pieces they come", async () => {
    const { fake, api } = set();
    const source = new StreamSource();
    fake.on("GET", "projections/p/frames", streamed(source));
    const frames = api.projections.frames("p", 3, new AbortController().signal);
    const first = frames.next();
    const [one, last] = [frameBytes([1, 2], 2), frameBytes([3, 4], 2, { isLast: true })];
    source.push(one.slice(0, 5));
    source.push(one.slice(5));
    expect([...((await first).value?.positions?.values ?? [])]).toEqual([1, 2]);
    source.push(last);
    expect((await frames.next()).value).toMatchObject({ isLast: true });
    expect((await frames.next()).done).toBe(true);
    expect(source.isCancelled).toBe(true);
  });

  it("stop giving frames when they are aborted", async () => {
    const { fake, api } = set();
    fake.on("GET", "projections/p/frames", streamed(new StreamSource()));
    const controller = new AbortController();
    const next = api.projections.frames("p", 3, controller.signal).next();
    // The request has to be under way before it can be aborted.
    await vi.waitFor(() => expect(fake.sent).toHaveLength(1));
    controller.abort();
    await expect(next).rejects.toMatchObject({ name: "AbortError" });
  });

  it("say that all streams are taken", async () => {
    const { fake, api } = set();
    fake.on("GET", "projections/p/frames", refused(503, "BusyError", "Too many streams."));
    const frames = api.projections.frames("p", 3, new AbortController().signal);
    await expect(frames.next()).rejects.toMatchObject({ status: 503 });
  });
});

describe("uploads", () => {
  it("report no more than the file's own bytes", async () => {
    const { fake, api } = set();
    fake.on("POST", "uploads", json({ entries: ["a"] }, { progress: [2, 900] }));
    const onProgress = vi.fn();
    const { signal } = new AbortController();
    const file = new File(["12345"], "x & y.npy");
    expect(await api.uploads.send("batch", file, onProgress, signal)).toEqual(["a"]);
    expect(onProgress.mock.calls).toEqual([[2], [5]]);
    expect(fake.log).toEqual(["POST uploads?batch=batch&name=x%20%26%20y.npy"]);
  });
});

describe("work", () => {
  it("is asked for by a page with a name of its own, so that pages take turns", async () => {
    const { fake, api } = set();
    const other = createApi(fake);
    fake.on("POST", "projections", json({ id: "p" }));
    fake.on("POST", "projections/p/quality", json({ id: "p" }));
    await api.projections.start("a", "pca", {});
    await api.quality.measure("p");
    await other.projections.start("a", "pca", {});
    const names = fake.sent.map(({ headers }) => headers?.["Projector-Client"]);
    expect(names[0]).toMatch(/^[0-9a-f]+-[0-9a-f]+$/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });
});

describe("quality", () => {
  it("gives a score for every point", async () => {
    const { fake, api } = set();
    fake.on("GET", "projections/p/quality/trustworthiness", bytes(new Float32Array(3).buffer));
    const projection = { id: "p", n_points: 3 } as Projection;
    expect(await api.quality.scores(projection, "trustworthiness")).toHaveLength(3);
  });
});
