import { describe, expect, it } from "vitest";
import { createApi } from "../../../src/api/api";
import { startDensityBehind } from "../../../src/app/page/density-behind";
import type { Store } from "../../../src/store/store";
import { bytes, json, refused } from "../../fakes/fake-transport";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const DONE = {
  state: "done",
  bounds: [0, 1, 0, 1],
  sides: [128],
  n_points: 9000,
  n_placed: 8999,
};

/** As if the dataset's own coordinates were shown. */
function given(view: Store, method = "given", dims: 2 | 3 = 2): void {
  view.dispatch((state) => {
    const { shown } = state.work;
    const positions = { values: Float32Array.from([0, 0, 1, 0, 0, 1, 0, 0, 0]), dims };
    const next = shown && { ...shown, method, positions };
    return next ? { ...state, work: { ...state.work, shown: next } } : state;
  });
}

async function sampled(...answers: ReturnType<typeof json>[]) {
  const server = new FakeServer().on("GET", "datasets/a-10/density", ...answers);
  server.on("GET", "datasets/a-10/density/128", bytes(new Uint32Array(128 * 128).buffer));
  server.datasets.set("a-10", { n_all: 9000, n_dims: 2 });
  const page = await openPage("#run=a&step=10", server);
  await pass(500);
  const stop = startDensityBehind(page.root, page.page.views, createApi(server));
  const painters = () => page.cloud.calls.filter((name) => name === "setPainter").length;
  const density = () => page.one.state.peek().datasets["a-10"]?.density;
  return { ...page, stop, painters, density };
}

describe("the density behind a sample", () => {
  it("is asked for until it is counted, and painted then", async () => {
    const counting = json({ state: "counting", done: 0.25 });
    const { one, stop, painters, density } = await sampled(counting, json(DONE));
    expect(density()).toBeUndefined();
    given(one);
    await pass();
    expect(density()).toEqual({ state: "counting", done: 0.25 });
    expect(painters()).toBe(0);
    await pass(1000);
    expect(density()).toMatchObject({ state: "done", n_placed: 8999 });
    expect(painters()).toBe(1);
    // Another projection of the points has other coordinates.
    given(one, "pca");
    expect(painters()).toBe(2);
    stop();
  });

  it("is not asked for in 3D", async () => {
    const { one, stop, density } = await sampled(json(DONE));
    given(one, "given", 3);
    await pass(1000);
    expect(density()).toBeUndefined();
    stop();
  });

  it("says why there is none", async () => {
    const gone = refused(400, "LoadError", "part-1 is gone.");
    const { one, stop, painters, density } = await sampled(gone);
    given(one);
    await pass(1000);
    expect(density()).toEqual({ state: "failed", message: "part-1 is gone." });
    expect(painters()).toBe(0);
    stop();
  });
});
