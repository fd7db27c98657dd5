import { describe, expect, it } from "vitest";
import type { ClusterAnswer, ClusterName } from "../../../src/model/data/clusters";
import type { Column } from "../../../src/model/data/dataset";
import { clusterNamed, clusterSearch } from "../../../src/store/selectors/clusters";
import { bytes, json, refused } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const N = 6000;
const asked = /POST clusters/;

const NAME: ClusterName = {
  text: "goal, match",
  by: "words",
  size: 40,
  words: [],
  categories: [],
  central: [3],
  labels: [],
};

function answer(part: Partial<ClusterAnswer> = {}): ClusterAnswer {
  const level = { n_clusters: 1, n_noise: 5, min_cluster_size: 5, parents: [-1], names: [NAME] };
  const result = { space: "original", metric: "cosine", levels: [level], warnings: [] } as const;
  const done = { id: "c1", state: "done", phase: "", done: 0, total: 0, error: null } as const;
  return { ...done, result, ...part };
}

const RUNNING = answer({ state: "running", phase: "neighbors", total: 10, done: 3, result: null });

function column(name: string, part: Partial<Column> = {}): Column {
  const plain = { kind: "text", n_missing: 0, n_categories: N, code_bytes: 2 } as const;
  const numbers = { number_bytes: null, is_integer: null, minimum: null, maximum: null };
  return { index: 0, name, ...plain, ...numbers, media: null, tags: null, ...part };
}

function serverOf(n: number, columns: readonly Column[] = [column("word")]): FakeServer {
  const server = new FakeServer([{ ...entry("a", 10), n_points: n }]);
  server.datasets.set("a-10", { n_points: n, columns, color_column: null, label_column: 0 });
  server.on("GET", "clusters/c1/arrays/degree", bytes(new Float32Array(n).buffer));
  return server;
}

const search = ({ one }: OpenPage) => clusterSearch(one.state.peek());

describe("clusters", () => {
  it("are looked for by themselves where many points have no groups, after the first picture", async () => {
    const server = serverOf(N).on("POST", "clusters", json(answer()));
    const page = await openPage(HERE, server);
    expect(page.one.state.peek().work.shown).not.toBeNull();
    expect(server.count(asked)).toBe(0);
    await pass(3000);
    expect(server.count(asked)).toBe(1);
    expect(search(page)?.status).toBe("done");
    expect(search(page)?.degree).toHaveLength(N);
    expect(clusterNamed(page.one.state.peek(), 0, "goal, match")?.size).toBe(40);
    await pass(10_000);
    expect(server.count(asked)).toBe(1);
  });

  it("are not, where there are groups or few points", async () => {
    const grouped = serverOf(N, [column("kind", { kind: "categorical", n_categories: 4 })]);
    for (const server of [grouped, serverOf(4000), serverOf(200_001)]) {
      await openPage(HERE, server);
      await pass(5000);
      expect(server.count(asked)).toBe(0);
    }
  });

  it("are not looked for by a page that may change nothing", async () => {
    const server = serverOf(N);
    server.listing = { ...server.listing, read_only: true };
    const { one } = await openPage(HERE, server);
    one.request({ kind: "find-clusters", inPicture: false });
    await pass(5000);
    expect(server.count(asked)).toBe(0);
  });

  it("are looked for when they are asked for, with progress, and become columns", async () => {
    const server = serverOf(500).on("POST", "clusters", json(RUNNING));
    const page = await openPage(HERE, server);
    page.one.request({ kind: "find-clusters", inPicture: false });
    await pass(50);
    expect(search(page)).toMatchObject({ status: "working", phase: "neighbors", done: 3 });
    server.on("GET", "clusters/c1", json(answer()));
    const made = column("cluster", { index: 1, kind: "categorical", made_by: "c1" });
    server.datasets.set("a-10", { n_points: 500, columns: [column("word"), made] });
    await pass(2000);
    expect(search(page)?.status).toBe("done");
    const info = page.one.state.peek().datasets["a-10"]?.info;
    expect(info?.columns.map(({ name }) => name)).toEqual(["word", "cluster"]);
  });

  it("are given up when they are stopped", async () => {
    const server = serverOf(500).on("POST", "clusters", json(RUNNING));
    server.on("GET", "clusters/c1", json(RUNNING)).on("DELETE", "clusters/c1", json(RUNNING));
    const page = await openPage(HERE, server);
    page.one.request({ kind: "find-clusters", inPicture: false });
    await pass(500);
    page.one.request({ kind: "stop-clusters" });
    await pass(5000);
    expect(search(page)).toMatchObject({ status: "failed", message: "It was stopped." });
    expect(server.count(/DELETE clusters/)).toBe(1);
    expect(server.count(/GET clusters\/c1$/)).toBeLessThan(4);
  });

  it("say why they were not found, to whoever asked", async () => {
    const server = serverOf(500).on(
      "POST",
      "clusters",
      refused(400, "ShapeError", "No vector is finite."),
    );
    const page = await openPage(HERE, server);
    page.one.request({ kind: "find-clusters", inPicture: false });
    await pass(500);
    expect(search(page)).toMatchObject({ status: "failed" });
    const said = page.one.state.peek().page.notices.map(({ message }) => message);
    expect(said.join(" ")).toContain("No vector is finite.");
  });
});
