import { describe, expect, it, vi } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import type { DriftAnswer, DriftResult } from "../../../src/model/data/drift";
import { addView } from "../../../src/store/actions/views";
import { driftCommands } from "../../../src/store/commands/comparison-commands";
import { shownDrift } from "../../../src/store/selectors/drift";
import { driftTitle } from "../../../src/store/selectors/views";
import { scope } from "../../../src/store/store";
import { json, refused } from "../../fakes/fake-transport";
import { dataset } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const SUMMARY = { k: 15, metric: "cosine", n_compared: 3, kept: 0.5, kept_error: 0.1 };
const RESULT: DriftResult = {
  by_row: true,
  n_shared: 3,
  n_groups: 0,
  summary: { ...SUMMARY, chance: 0.01, moved: 0.25, warnings: [] },
};
const PAIR = ["a-10", "b-10"] as const;

function answer(part: Partial<DriftAnswer> = {}): DriftAnswer {
  const done = { id: "d1", state: "done", phase: "", done: 0, total: 0, error: null } as const;
  return { ...done, datasets: PAIR, result: RESULT, ...part };
}

const RUNNING = answer({
  state: "running",
  phase: "kept neighbors",
  done: 1,
  total: 3,
  result: null,
});

function driftColumn(name: string, index: number): Column {
  const plain = { kind: "numeric", n_missing: 0, n_categories: 3, code_bytes: 2 } as const;
  const numbers = { number_bytes: 4, is_integer: false, minimum: 0.1, maximum: 0.9 } as const;
  const made = { made_by: "d1", compares: PAIR, span: [0, 1] } as const;
  return { index, name, ...plain, ...numbers, media: null, tags: null, ...made };
}

/** Both datasets have the columns from now on. */
function withColumns(server: FakeServer): void {
  const { columns } = dataset;
  const made = ["kept neighbors", "shift"].map((name, at) =>
    driftColumn(name, columns.length + at),
  );
  for (const id of PAIR) server.datasets.set(id, { columns: [...columns, ...made] });
}

/** Two runs side by side. */
async function sideBySide(server: FakeServer): Promise<OpenPage> {
  const page = await openPage("#run=a&step=10", server);
  page.root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
  await pass(500);
  return page;
}

/** The code of the comparison is fetched first. */
async function loaded(milliseconds = 0): Promise<void> {
  await vi.dynamicImportSettled();
  await pass(milliseconds);
}

const drift = ({ one }: OpenPage) => one.state.peek().drift;
const titles = ({ one }: OpenPage) => driftCommands(one.state.peek()).map(({ title }) => title);

describe("the drift between two views", () => {
  it("is asked for by a command, has progress, becomes columns and colors both", async () => {
    const server = new FakeServer().on("POST", "comparisons", json(RUNNING));
    const page = await sideBySide(server);
    expect(titles(page)).toEqual(["Show the drift from A to B"]);
    driftCommands(page.one.state.peek())[0]?.run(page.one);
    await loaded(50);
    expect(drift(page)).toMatchObject({ status: "working", phase: "kept neighbors", done: 1 });
    const asked = server.sent.find(({ text }) => text === "comparisons");
    expect(JSON.parse(String(asked?.body))).toEqual({
      a: "a-10",
      b: "b-10",
      match: "row",
      metric: "cosine",
      columns: true,
    });
    server.on("GET", "comparisons/d1", json(answer()));
    withColumns(server);
    await loaded(2000);
    expect(drift(page)).toMatchObject({ status: "done", id: "d1", from: "a-10", to: "b-10" });
    for (const view of ["1", "2"]) {
      const state = scope(page.root, view).state.peek();
      expect(state.view.color?.name).toBe("kept neighbors");
      expect(shownDrift(state)?.result).toEqual(RESULT);
      expect(driftTitle(state, ...PAIR)).toBe("Drift A→B");
    }
  });

  it("says which neighbors one point kept, lost and gained", async () => {
    const near = { kept: [1], lost: [2], gained: [], kept_distances: [[0.5, 0.25]] };
    const whole = { ...near, lost_distances: [[1, 2]], gained_distances: [] };
    const server = new FakeServer().on("POST", "comparisons", json(answer()));
    server.on("GET", "comparisons/d1/neighbors/0", json(whole));
    withColumns(server);
    const page = await sideBySide(server);
    page.one.request({ kind: "show-drift", from: "a-10", to: "b-10" });
    await loaded(100);
    page.one.request({ kind: "load-drift-neighbors", point: 0 });
    await loaded(100);
    expect(drift(page)).toMatchObject({ point: 0, neighbors: { value: whole, isLoading: false } });
    server.on("GET", "comparisons/d1/neighbors/1", refused(400, "ParameterError", "Not compared."));
    page.one.request({ kind: "load-drift-neighbors", point: 1 });
    await loaded(100);
    expect(drift(page)?.neighbors).toMatchObject({ value: null, error: "Not compared." });
  });

  it("says once which groups moved alike", async () => {
    const groups = [{ words: "2 points moved together.", rows: [0, 2] }];
    const server = new FakeServer().on("POST", "comparisons", json(answer()));
    server.on("GET", "comparisons/d1/groups", json({ groups }));
    withColumns(server);
    const page = await sideBySide(server);
    page.one.request({ kind: "show-drift", from: "a-10", to: "b-10" });
    await loaded(100);
    for (let time = 0; time < 2; time++) {
      page.one.request({ kind: "load-drift-groups" });
      await loaded(100);
      expect(drift(page)?.groups.value).toEqual(groups);
    }
    expect(server.count(/comparisons\/d1\/groups/)).toBe(1);
  });

  it("is known again where a page opens with the columns of an earlier comparison", async () => {
    const server = new FakeServer().on("GET", "comparisons/d1", json(answer()));
    withColumns(server);
    const page = await sideBySide(server);
    expect(drift(page)).toBeNull();
    page.one.request({ kind: "load-drift" });
    await loaded(100);
    expect(shownDrift(page.one.state.peek())?.result).toEqual(RESULT);
  });

  it("is not taken for known while it is being asked for", async () => {
    const server = new FakeServer().on("GET", "comparisons/d1", json(answer()));
    server.on("POST", "comparisons", json(RUNNING));
    withColumns(server);
    const page = await sideBySide(server);
    page.one.request({ kind: "show-drift", from: "a-10", to: "b-10" });
    page.one.request({ kind: "load-drift" });
    await loaded(2000);
    expect(drift(page)?.status).toBe("done");
    expect(page.one.state.peek().view.color?.name).toBe("kept neighbors");
  });

  it("is given up when it is stopped", async () => {
    const server = new FakeServer().on("POST", "comparisons", json(RUNNING));
    server.on("GET", "comparisons/d1", json(RUNNING)).on("DELETE", "comparisons/d1", json(RUNNING));
    const page = await sideBySide(server);
    page.one.request({ kind: "show-drift", from: "a-10", to: "b-10" });
    await loaded(500);
    page.one.request({ kind: "stop-drift" });
    await loaded(5000);
    expect(drift(page)).toBeNull();
    expect(server.count(/DELETE comparisons/)).toBe(1);
    expect(page.one.state.peek().page.notices).toEqual([]);
  });

  it("says why there is none", async () => {
    const server = new FakeServer().on(
      "POST",
      "comparisons",
      refused(400, "ShapeError", "A comparison needs at least 3."),
    );
    const page = await sideBySide(server);
    page.one.request({ kind: "show-drift", from: "a-10", to: "b-10" });
    await loaded(500);
    expect(drift(page)).toMatchObject({ status: "failed" });
    const said = page.one.state.peek().page.notices.map(({ message }) => message);
    expect(said.join(" ")).toContain("at least 3");
  });

  it("is not offered by one view, nor by a server that changes nothing", async () => {
    const alone = await openPage("#run=a&step=10");
    expect(titles(alone)).toEqual([]);
    const server = new FakeServer();
    server.listing = { ...server.listing, read_only: true };
    const page = await sideBySide(server);
    const [command] = driftCommands(page.one.state.peek());
    expect(command?.isOffered?.(page.one.state.peek())).toBe(false);
  });
});
