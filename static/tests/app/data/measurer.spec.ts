import { describe, expect, it, vi } from "vitest";
import type { MeasureAnswer, MeasureKind } from "../../../src/api/measures";
import type { HealthSeries, HealthStep } from "../../../src/model/data/health";
import { bytes, json, refused } from "../../fakes/fake-transport";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

function step(at: number): HealthStep {
  const alarms = at > 0 ? [{ figure: "dead", message: "Dead.", step: at }] : [];
  return { step: at, n_points: 3, n_dims: 8, figures: { dead: at }, warnings: [], alarms };
}

function series(...steps: readonly number[]): HealthSeries {
  const figures = [{ name: "dead", title: "Dead dimensions", formula: "" }];
  return { run: "a", name: "hidden", figures, steps: steps.map(step) };
}

function answer<Kind extends MeasureKind>(part: Partial<MeasureAnswer<Kind>>): MeasureAnswer<Kind> {
  return {
    id: "m1",
    state: "done",
    phase: "",
    done: 0,
    total: 0,
    error: null,
    result: null,
    ...part,
  } as MeasureAnswer<Kind>;
}

const WORKING = { state: "running", phase: "neighbors", done: 1, total: 3 } as const;
const STEPS = ["a-10", "a-20"];

/** The code that measures is fetched first. */
async function loaded(milliseconds = 0): Promise<void> {
  await vi.dynamicImportSettled();
  await pass(milliseconds);
}

const measures = ({ one }: OpenPage) => one.state.peek().measures;

describe("the health of all steps", () => {
  it("comes step by step", async () => {
    const server = new FakeServer()
      .on("POST", "health", json(answer<"health">(WORKING)))
      .on("GET", "health/m1", json(answer<"health">({ ...WORKING, so_far: series(0) })));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-health", datasets: STEPS });
    await loaded(50);
    expect(measures(page).health).toMatchObject({ status: "working", phase: "neighbors", done: 1 });
    expect(measures(page).health?.value).toBeNull();
    await loaded(500);
    expect(measures(page).health?.value?.steps.length).toBe(1);
    server.on("GET", "health/m1", json(answer<"health">({ result: series(0, 20) })));
    await loaded(2000);
    expect(measures(page).health).toMatchObject({ status: "done", value: series(0, 20) });
    const asked = server.sent.find(({ text }) => text === "health");
    expect(JSON.parse(String(asked?.body))).toEqual({ datasets: STEPS });
  });

  it("stays on the screen while another step of the same tensor is measured", async () => {
    const server = new FakeServer()
      .on("POST", "health", json(answer<"health">({ result: series(0) })))
      .on("GET", "health/m1", json(answer<"health">(WORKING)));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-health", datasets: ["a-10"] });
    await loaded(50);
    server.on("POST", "health", json(answer<"health">(WORKING)));
    page.one.request({ kind: "measure-health", datasets: STEPS });
    await loaded(50);
    expect(measures(page).health).toMatchObject({ status: "working", value: series(0) });
    page.one.request({ kind: "measure-health", datasets: ["b-10"] });
    await loaded(50);
    expect(measures(page).health?.value).toBeNull();
  });

  it("is stopped at once, on the server, too, and what has come stays", async () => {
    const server = new FakeServer()
      .on("POST", "health", json(answer<"health">(WORKING)))
      .on("GET", "health/m1", json(answer<"health">({ ...WORKING, so_far: series(0) })))
      .on("DELETE", "health/m1", json({}));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-health", datasets: STEPS });
    await loaded(500);
    page.one.request({ kind: "stop-measure", what: "health" });
    await loaded(3000);
    expect(measures(page).health).toMatchObject({ status: "stopped", value: series(0) });
    expect(server.sent.filter(({ method }) => method === "DELETE").length).toBe(1);
  });

  it("says why there is none", async () => {
    const server = new FakeServer().on("POST", "health", refused(400, "MemoryLimitError", "Full."));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-health", datasets: STEPS });
    await loaded(50);
    expect(measures(page).health).toMatchObject({ status: "failed", message: "Full." });
  });
});

describe("the similarity of pairs", () => {
  it("comes as arrays; of an earlier question nothing is taken", async () => {
    const result = { figure: "kept", warnings: ["Sampled."] } as const;
    const server = new FakeServer()
      .on("POST", "similarities", json(answer<"similarities">(WORKING)))
      .on("GET", "similarities/m1", json(answer<"similarities">({ result })))
      .on("GET", "similarities/m1/arrays/matrix", bytes(new Float32Array([1, 0.5, 0.5, 1]).buffer))
      .on("GET", "similarities/m1/arrays/errors", bytes(new Float32Array([0, 0.1, 0.1, 0]).buffer))
      .on("GET", "similarities/m1/arrays/n_shared", bytes(new Uint32Array([3, 3, 3, 3]).buffer));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-similarity", datasets: ["a-10", "b-10"], figure: "cka" });
    page.one.request({ kind: "measure-similarity", datasets: STEPS, figure: "kept" });
    await loaded(1000);
    const { value, key, status } = measures(page).similarity ?? {};
    expect(status).toBe("done");
    expect(key).toContain("a-20");
    expect(value).toMatchObject({ figure: "kept", n: 2, warnings: ["Sampled."] });
    expect([...(value?.matrix ?? [])]).toEqual([1, 0.5, 0.5, 1]);
    expect(value?.errors[1]).toBeCloseTo(0.1);
  });
});

it("the dimensions of all steps come as arrays", async () => {
  const result = { shares: [0, 1], shape: [1, 2, 2] } as const;
  const path = "distributions/m1/arrays";
  const server = new FakeServer()
    .on("POST", "distributions", json(answer<"distributions">({ result })))
    .on("GET", `${path}/means`, bytes(new Float32Array([1, 2]).buffer))
    .on("GET", `${path}/deviations`, bytes(new Float32Array([0, 3]).buffer))
    .on("GET", `${path}/lengths`, bytes(new Float32Array([4, 5]).buffer));
  const page = await openPage("#run=a&step=10", server);
  page.one.request({ kind: "measure-dimensions", datasets: ["a-10"] });
  await loaded(100);
  const { value } = measures(page).dimensions ?? {};
  expect(value).toMatchObject({ nSteps: 1, nDims: 2, shares: [0, 1] });
  expect([...(value?.deviations ?? []), ...(value?.lengths ?? [])]).toEqual([0, 3, 4, 5]);
});

describe("the histograms of event files", () => {
  const bands = { tag: "w", steps: [0], shares: [0, 0.5, 1], quantiles: [[-1, 0, 1]] };

  it("are those of the first tag where none is asked for", async () => {
    const server = new FakeServer()
      .on("GET", "runs", json({ runs: [{ name: "a", histogram_tags: ["w", "x"] }] }))
      .on("GET", "runs/a/histograms", json(bands));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "load-histograms", run: "a", tag: "gone" });
    await loaded(100);
    expect(measures(page).histograms).toMatchObject({
      status: "done",
      value: { tags: ["w", "x"], bands: { title: "w", quantiles: [[-1, 0, 1]] } },
    });
  });

  it("may be missing", async () => {
    const server = new FakeServer().on("GET", "runs", json({ runs: [] }));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "load-histograms", run: "a", tag: null });
    await loaded(100);
    expect(measures(page).histograms?.value).toEqual({ tags: [], bands: null });
  });
});

describe("the health of all runs", () => {
  const RUNS = [
    { run: "a", datasets: ["a-10"], key: "a", nNumbers: 24 },
    { run: "b", datasets: ["b-10"], key: "b", nNumbers: 24 },
  ];

  it("is measured in the background, one run after another", async () => {
    const server = new FakeServer().on(
      "POST",
      "health",
      json(answer<"health">({ result: series(0, 20) })),
      refused(400, "ShapeError", "No row is finite."),
    );
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-runs", runs: RUNS });
    await loaded(100);
    const { runs } = measures(page);
    expect(runs.work).toBeNull();
    expect(runs.found).toMatchObject({
      a: { summary: { nAlarms: 1, nSteps: 2 } },
      b: { message: "No row is finite." },
    });
    const asked = server.sent.filter(({ text }) => text === "health");
    expect(asked.map(({ body }) => JSON.parse(String(body)))).toEqual([
      { datasets: ["a-10"], background: true },
      { datasets: ["b-10"], background: true },
    ]);
    // What is known is not asked for again, unless its files were rewritten.
    const [a, b] = RUNS;
    page.one.request({ kind: "measure-runs", runs: [a, { ...b, key: "b2" }] as typeof RUNS });
    await loaded(100);
    expect(server.sent.filter(({ text }) => text === "health").length).toBe(3);
  });

  it("is given up at once, and the running one is stopped", async () => {
    const server = new FakeServer()
      .on("POST", "health", json(answer<"health">(WORKING)))
      .on("GET", "health/m1", json(answer<"health">(WORKING)))
      .on("DELETE", "health/m1", json({}));
    const page = await openPage("#run=a&step=10", server);
    page.one.request({ kind: "measure-runs", runs: RUNS });
    await loaded(150);
    expect(measures(page).runs.work).toEqual({ left: 2, total: 2 });
    page.one.request({ kind: "stop-measuring-runs" });
    await loaded(3000);
    expect(measures(page).runs).toEqual({ found: {}, work: null });
    expect(server.sent.filter(({ method }) => method === "DELETE").length).toBe(1);
  });
});
