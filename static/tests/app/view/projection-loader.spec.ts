import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { goToStep } from "../../../src/store/actions/place";
import {
  openMethod,
  requestDraft,
  setComponent,
  setDims,
  setParameter,
} from "../../../src/store/actions/projection";
import { setSetting } from "../../../src/store/actions/view";
import { requestedProjection } from "../../../src/store/selectors/request";
import type { Store } from "../../../src/store/store";
import { json, refused } from "../../fakes/fake-transport";
import { dataset, method, parameter } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const FLAT = [1, 2, 3, 4, 5, 6];

function run(store: Store, method = "umap"): void {
  store.dispatch(openMethod(method));
  store.request({ kind: "run" });
}

const shown = ({ state }: Store) => state.peek().work.shown;
const notices = ({ state }: Store) => state.peek().page.notices.map(({ message }) => message);

/** A UMAP of the first dataset that runs. */
async function running(): Promise<OpenPage & { readonly id: string }> {
  const page = await openPage(HERE);
  run(page.one);
  await pass(1000);
  return { ...page, id: page.server.last("a-10").id };
}

describe("a projection that is done at once", () => {
  it("is shown without its frames", async () => {
    const { one, server } = await openPage(HERE);
    expect(shown(one)).toMatchObject({ dataset: "a-10", method: "pca", isLive: false });
    expect(server.count(/frames/)).toBe(0);
  });

  it("comes before the dataset, the methods and the columns", async () => {
    const { server } = await openPage(HERE);
    const at = (line: RegExp) => server.log.findIndex((each) => line.test(each));
    expect(at(/positions/)).toBeGreaterThan(0);
    expect(at(/GET methods/)).toBeGreaterThan(at(/positions/));
    expect(at(/columns/)).toBeGreaterThan(at(/positions/));
  });

  it("is not fetched a second time", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(goToStep(20));
    await pass(1000);
    expect(shown(one)?.dataset).toBe("a-20");
    const before = server.count(/positions/);
    one.dispatch(goToStep(10));
    await pass(1000);
    expect(shown(one)?.dataset).toBe("a-10");
    expect(server.count(/positions/)).toBe(before);
    const firsts = server.starts.filter(({ params }) => Object.keys(params).length === 0);
    expect(firsts).toHaveLength(2);
  });

  it("is asked for other axes where it kept more of them", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(setComponent(0, 2));
    await pass(1000);
    expect(shown(one)?.components).toEqual([2, 1]);
    one.dispatch(setDims(3));
    await pass(1000);
    expect(shown(one)?.positions.dims).toBe(3);
    const kept = server.starts.filter(({ params }) => Object.keys(params).length === 0);
    expect(kept).toHaveLength(1);
  });

  it("is computed only for the step on which a slider rests", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(goToStep(20));
    await pass(50);
    one.dispatch(goToStep(10));
    await pass(1000);
    expect(server.starts.filter(({ dataset }) => dataset === "a-20")).toEqual([]);
  });
});

describe("a projection that runs", () => {
  it("is shown frame by frame, and its result in the end", async () => {
    const { one, server, page, id } = await running();
    server.frame(id, FLAT);
    await pass();
    expect(shown(one)).toMatchObject({ projection: id, isLive: true });
    expect([...(shown(one)?.positions.values ?? [])]).toEqual(FLAT);
    expect(page.views.get("1")?.streamedFrames()).toBe(1);
    server.end(id, "done");
    await pass();
    expect(shown(one)).toMatchObject({ projection: id, isLive: false });
    expect([...(shown(one)?.positions.values ?? [])]).toEqual(Array(6).fill(Number(id.slice(1))));
  });

  it("leaves the one before on the screen until its first frame", async () => {
    const { one } = await running();
    expect(shown(one)?.method).toBe("pca");
  });

  it("is preceded by one that costs nothing where a link opens with it", async () => {
    const { one, server } = await openPage("#run=a&step=10&method=umap");
    await pass(1000);
    expect(shown(one)?.method).toBe("pca");
    server.frame(server.last("a-10").id, FLAT);
    await pass();
    expect(shown(one)?.method).toBe("umap");
  });

  it("is asked about where every stream is taken, that of the events, too", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(openMethod("umap"));
    server.on("GET", "projections/p2/frames", refused(503, "BusyError", "All streams are taken."));
    one.request({ kind: "run" });
    await pass(1000);
    expect(notices(one)).toEqual([]);
    server.change("p2", { state: "done" });
    await pass(1000);
    expect(shown(one)).toMatchObject({ projection: "p2", isLive: false });
  });

  it("is paused, resumed and stopped", async () => {
    const { one, server, id } = await running();
    server.frame(id, FLAT);
    one.request({ kind: "pause" });
    await pass();
    expect(requestedProjection(one.state.value)?.paused).toBe(true);
    one.request({ kind: "resume" });
    await pass();
    expect(requestedProjection(one.state.value)?.paused).toBe(false);
    one.request({ kind: "stop" });
    await pass();
    expect(server.byId(id).state).toBe("cancelled");
    expect(shown(one)).toMatchObject({ projection: id, isLive: false });
  });

  it("can be run again after it was stopped", async () => {
    const { one, server, id } = await running();
    one.request({ kind: "stop" });
    await pass(1000);
    expect(requestedProjection(one.state.value)).toBeNull();
    run(one);
    await pass(1000);
    expect(server.byId(id).state).toBe("running");
    expect(requestedProjection(one.state.value)?.id).toBe(id);
  });
});

describe("work that is left", () => {
  it("is stopped where another step or other parameters are wanted", async () => {
    const { one, server, id } = await running();
    one.dispatch(setDims(3));
    await pass(1000);
    expect(server.log).toContain(`DELETE projections/${id}`);
    const next = server.last("a-10").id;
    one.dispatch(goToStep(20));
    await pass(1000);
    expect(server.log).toContain(`DELETE projections/${next}`);
    expect(server.last("a-20").state).toBe("running");
  });

  it("goes on while only another method is looked at, and is found done", async () => {
    const { one, server, id } = await running();
    run(one, "pca");
    await pass(1000);
    expect(server.byId(id).state).toBe("running");
    server.end(id, "done");
    run(one);
    await pass(1000);
    expect(shown(one)).toMatchObject({ projection: id, isLive: false });
    expect(server.count(/DELETE/)).toBe(0);
  });

  it("is stopped as soon as the server has it, where it was left before", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(openMethod("umap"));
    one.dispatch(requestDraft());
    await pass(119);
    server.on("POST", "projections", json(slow(server), { delay: 500 }));
    await pass(1);
    one.dispatch(goToStep(20));
    server.restore("POST", "projections");
    await pass(400);
    expect(server.count(/DELETE/)).toBe(0);
    await pass(1000);
    expect(server.log).toContain("DELETE projections/slow");
    expect(shown(one)?.dataset).not.toBe("a-10-umap");
  });

  it("is not stopped when the page is closed", async () => {
    const { page, server } = await running();
    page.stop();
    await pass(1000);
    expect(server.count(/DELETE/)).toBe(0);
  });
});

describe("a request that fails", () => {
  it("says why in the server's words, and is made again when asked", async () => {
    const { one, server } = await openPage(HERE);
    server.on("POST", "projections", refused(422, "ParameterError", "n_neighbors is too large."));
    run(one);
    await pass(1000);
    expect(one.state.value.work.request).toMatchObject({ status: "failed" });
    expect(notices(one)).toEqual(["n_neighbors is too large."]);
    expect(shown(one)?.method).toBe("pca");
    server.restore("POST", "projections");
    run(one);
    await pass(1000);
    expect(requestedProjection(one.state.value)?.state).toBe("running");
  });

  it("opens a link all the same, with what costs nothing", async () => {
    const server = new FakeServer();
    const refuse = refused(422, "ParameterError", "Unknown parameter.");
    server.on("POST", "projections", refuse, json(server.pca("a-10")));
    const { one } = await openPage("#run=a&step=10&method=umap&p.nonsense=1", server);
    await pass(1000);
    expect(shown(one)?.method).toBe("pca");
    expect(notices(one)).toEqual(["Unknown parameter."]);
  });

  it("and work that fails say so", async () => {
    const { one, server, id } = await running();
    server.frame(id, FLAT);
    server.end(id, "failed", { error: { type: "MemoryLimitError", message: "Too many points." } });
    await pass(1000);
    expect(notices(one)).toEqual(["Too many points."]);
    expect(shown(one)).toMatchObject({ projection: id, isLive: false });
  });

  it("is asked anew where the server was started again and has forgotten it", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(goToStep(20));
    await pass(1000);
    // The server that comes back knows nothing of what it had.
    server.projections.length = 0;
    one.dispatch(setDims(3));
    await pass(1000);
    expect(one.state.value.work.request.status).toBe("failed");
    expect(requestedProjection(one.state.value)).toBeNull();
    expect(notices(one)).toHaveLength(1);
    one.request({ kind: "run" });
    await pass(1000);
    expect(shown(one)).toMatchObject({ dataset: "a-20", isLive: false });
    expect(shown(one)?.positions.dims).toBe(3);
  });
});

describe("the next step of a layout", () => {
  it("is aligned to this one, unless the server has forgotten it", async () => {
    const server = new FakeServer();
    server.withFreeOrientation("umap");
    const { one } = await openPage(HERE, server);
    run(one);
    await pass(1000);
    server.end(server.last("a-10").id, "done");
    await pass(1000);
    one.dispatch(goToStep(20));
    await pass(1000);
    const [first, second] = server.starts.filter(({ method }) => method === "umap");
    expect(first).not.toHaveProperty("align_to");
    expect(second).toMatchObject({ dataset: "a-20", align_to: server.last("a-10").id });
    server.forgetsReferences = true;
    server.end(server.last("a-20").id, "done");
    await pass(1000);
    one.dispatch(setParameter("n_neighbors", 20));
    one.dispatch(requestDraft());
    await pass(1000);
    server.end(server.last("a-20").id, "done");
    await pass(1000);
    one.dispatch(goToStep(10));
    await pass(1000);
    const last = server.starts.slice(-2);
    expect(last.map((each) => "align_to" in each)).toEqual([true, false]);
    expect(notices(one)).toEqual([]);
  });
});

function slow(server: FakeServer) {
  return { ...server.pca("a-10"), id: "slow", method: "umap", state: "running" as const };
}

describe("axes between named points", () => {
  it("are named by the column that a person chose for names", async () => {
    const server = new FakeServer();
    const [label] = dataset.columns;
    const word = { ...label, index: 1, name: "word" } as Column;
    server.datasets.set("a-10", { columns: [...dataset.columns, word] });
    server.methods = [
      ...server.methods,
      method("axes", { is_instant: true, parameters: [parameter("x_from", { kind: "points" })] }),
    ];
    const { one } = await openPage(HERE, server);
    await pass(1000);
    one.dispatch(setSetting("label", { name: "word", index: 1 }));
    one.dispatch(openMethod("axes"));
    one.dispatch(setParameter("x_from", "king"));
    one.request({ kind: "run" });
    await pass(1000);
    expect(server.starts.at(-1)).toMatchObject({ method: "axes", label_column: 1 });
    // Row numbers mean the same whatever names the points.
    one.dispatch(setParameter("x_from", "0-1"));
    one.request({ kind: "run" });
    await pass(1000);
    expect(server.starts.at(-1)).not.toHaveProperty("label_column");
  });
});
