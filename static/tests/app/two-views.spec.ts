import { describe, expect, it } from "vitest";
import type { Quality } from "../../src/model/projection/quality";
import { selectionOf } from "../../src/model/view/selection";
import { follow } from "../../src/store/actions/new-steps";
import { openMethod, setDims, setParameter } from "../../src/store/actions/projection";
import { hover, select, undo } from "../../src/store/actions/selection";
import { setSetting } from "../../src/store/actions/view";
import { activateView, addView, removeView } from "../../src/store/actions/views";
import { isPageBusy } from "../../src/store/selectors/busy";
import { selection } from "../../src/store/selectors/shown";
import { type Store, scope, viewStates } from "../../src/store/store";
import { json } from "../fakes/fake-transport";
import { type OpenPage, openPage, pass, useFakeClock } from "./open-page";

useFakeClock();

interface Two extends OpenPage {
  readonly two: Store;
}

async function twoViews(part: Parameters<typeof addView>[0] = {}): Promise<Two> {
  const page = await openPage("#run=a&step=10");
  page.root.dispatch(addView(part));
  await pass(1000);
  return { ...page, two: scope(page.root, "2") };
}

const MEASURED: Quality = {
  state: "done",
  phase: "",
  done: 1,
  total: 1,
  ahead: null,
  k: 15,
  summary: null,
  error: null,
};
const otherStep = { place: { run: "a", name: "hidden", step: 20 } };
const otherRun = { place: { run: "b", name: "hidden", step: 10 } };
const shown = (store: Store) => {
  const { shown } = store.state.peek().work;
  return shown && `${shown.method} of ${shown.dataset}`;
};
const rows = (store: Store) => [...selection(store.state.peek())];

function run(store: Store, method: string): void {
  store.dispatch(openMethod(method));
  store.request({ kind: "run" });
}

describe("two views of one tensor", () => {
  it("load the dataset and its columns once, and each its own projection", async () => {
    const { one, two, server } = await twoViews();
    run(two, "umap");
    await pass(1000);
    const { id } = server.last("a-10");
    server.frame(id, [1, 2, 3, 4, 5, 6]);
    await pass();
    expect(shown(one)).toBe("pca of a-10");
    expect(shown(two)).toBe("umap of a-10");
    expect(two.state.value.work.shown?.isLive).toBe(true);
    expect(server.count("GET datasets/a-10")).toBe(1);
    expect(server.count(/columns\/0\/codes/)).toBe(1);
  });

  it("have one selection and one color, and fetch a point's metadata once", async () => {
    const { one, two, server } = await twoViews(otherStep);
    expect(shown(two)).toBe("pca of a-20");
    one.dispatch(select(selectionOf([1])));
    two.dispatch(setSetting("color", null));
    await pass(1000);
    expect(rows(two)).toEqual([1]);
    expect(one.state.value.view.color).toBeNull();
    // Neighbors are those of the step that each view shows.
    expect(server.count(/a-10\/points\/1\/neighbors/)).toBe(1);
    expect(server.count(/a-20\/points\/1\/neighbors/)).toBe(1);
    expect(two.state.value.attention.neighbors.value?.index).toBe(1);
  });

  it("ask only once for what both of them show", async () => {
    const { one, server } = await twoViews();
    one.dispatch(hover(2, { x: 1, y: 1 }));
    await pass(1000);
    expect(server.count("GET datasets/a-10/points/2")).toBe(1);
  });

  it("measure the quality of what both of them show once", async () => {
    const { one, two, server } = await twoViews();
    await pass(3000);
    expect(server.count(/POST projections\/\w+\/quality/)).toBe(1);
    for (const view of [one, two]) run(view, "umap");
    await pass(1000);
    const { id } = server.last("a-10");
    server.end(id, "done");
    server.on(
      "POST",
      `projections/${id}/quality`,
      json({ ...server.byId(id), quality: MEASURED }, { delay: 300 }),
    );
    await pass(6000);
    expect(server.count(`POST projections/${id}/quality?k=15`)).toBe(1);
    expect(isPageBusy([one.state.value, two.state.value])).toBe(false);
  });
});

describe("two views of two runs", () => {
  it("load both, and select the same rows", async () => {
    const { one, two, server } = await twoViews(otherRun);
    expect(shown(one)).toBe("pca of a-10");
    expect(shown(two)).toBe("pca of b-10");
    expect(server.count(/^GET datasets\/[^/]+$/)).toBe(2);
    one.dispatch(select(selectionOf([0])));
    two.dispatch(select(selectionOf([2])));
    await pass(1000);
    expect([rows(one), rows(two)]).toEqual([[2], [2]]);
    expect(server.count(/a-10\/points\/2\/neighbors/)).toBe(1);
    expect(server.count(/b-10\/points\/2\/neighbors/)).toBe(1);
  });

  it("undo in the order in which it was done", async () => {
    const { one, two } = await twoViews(otherRun);
    one.dispatch(select(selectionOf([0])));
    two.dispatch(select(selectionOf([2])));
    one.dispatch(undo());
    expect([rows(one), rows(two)]).toEqual([[0], [0]]);
    two.dispatch(undo());
    expect(rows(one)).toEqual([]);
  });

  it("are both busy or neither is", async () => {
    const { root, one, two, server } = await twoViews(otherRun);
    await pass(5000);
    const isBusy = () => isPageBusy([...viewStates(root).value.values()]);
    expect(isBusy()).toBe(false);
    run(two, "umap");
    await pass(1000);
    expect(isBusy()).toBe(true);
    expect(shown(one)).toBe("pca of a-10");
    server.end(server.last("b-10").id, "done");
    await pass(5000);
    expect(isBusy()).toBe(false);
  });
});

describe("work that two views wait for", () => {
  /** Both want the same UMAP, which runs. */
  async function working(): Promise<Two> {
    const views = await twoViews();
    run(views.one, "umap");
    run(views.two, "umap");
    await pass(1000);
    expect(views.server.projections.filter(({ method }) => method === "umap")).toHaveLength(1);
    return views;
  }
  const stops = /^DELETE projections/;

  it("goes on when one of them is removed, and is stopped with the last one", async () => {
    const { root, one, two, server } = await working();
    root.dispatch(removeView("1"));
    await pass(1000);
    expect(server.count(stops)).toBe(0);
    server.frame(server.last("a-10").id, [1, 2, 3, 4, 5, 6]);
    await pass();
    expect(shown(two)).toBe("umap of a-10");
    // The removed one hears nothing of it.
    expect(shown(one)).toBe("pca of a-10");
    root.dispatch(addView(otherRun));
    root.dispatch(removeView("2"));
    await pass(1000);
    expect(server.count(stops)).toBe(1);
  });

  it("goes on when one of them goes elsewhere, and is stopped when both have", async () => {
    const { one, two, server } = await working();
    for (const view of [one, two]) {
      expect(server.count(stops)).toBe(0);
      view.dispatch(setDims(3));
      await pass(1000);
    }
    expect(server.count(stops)).toBe(1);
    expect(server.byId(server.last("a-10").id).state).toBe("running");
  });

  it("is stopped when its view is removed before the server has answered", async () => {
    const { root, two, server } = await twoViews();
    const slow = server.request.bind(server);
    server.request = async (request) => {
      const answer = await slow(request);
      if (request.method === "POST" && request.path[0] === "projections") await later(500);
      return answer;
    };
    run(two, "umap");
    await pass(200);
    root.dispatch(removeView("2"));
    await pass(100);
    expect(server.count(stops)).toBe(0);
    await pass(1000);
    expect(server.count(stops)).toBe(1);
  });

  it("starts anew in a view when it is changed in the other while it runs", async () => {
    const { one, two, server } = await working();
    const { id } = server.last("a-10");
    two.dispatch(setParameter("n_neighbors", 30));
    await pass(1000);
    const running = server.projections.filter(({ state }) => state === "running");
    expect(running.map(({ params: { n_neighbors } }) => n_neighbors)).toEqual([30, undefined]);
    expect(two.state.value.work.projections[`${id}m`]).toBeDefined();
    const fresh = server.projections.at(-1)?.id ?? "";
    server.frame(fresh, [1, 2, 3, 4, 5, 6]);
    await pass();
    expect(one.state.value.work.shown?.projection).toBe(fresh);
    expect(one.state.value.page.notices).toEqual([]);
  });
});

describe("views that come and go", () => {
  it("have a plot each, which is taken away with them", async () => {
    const { root, cloud, page } = await twoViews(otherRun);
    expect(cloud.nOpen).toBe(2);
    root.dispatch(removeView("2"));
    expect(cloud.nOpen).toBe(1);
    expect(page.views.get("2")).toBeNull();
    page.stop();
    expect(cloud.nOpen).toBe(0);
  });

  it("ask the server for nothing once they are removed", async () => {
    const { root, two, server } = await twoViews(otherRun);
    root.dispatch(removeView("2"));
    const before = server.sent.length;
    two.request({ kind: "run" });
    two.dispatch(openMethod("umap"));
    await pass(5000);
    expect(server.log.slice(before).filter((line) => line.includes("b-10"))).toEqual([]);
  });

  it("write the address of both", async () => {
    const { root, browser } = await twoViews(otherRun);
    expect(browser.addresses.at(-1)).toContain("run=a");
    root.dispatch(activateView("2"));
    await pass(1000);
    expect(browser.addresses.at(-1)).toContain("&view=run%3Db%26tensor%3Dhidden%26step%3D10");
    expect(browser.addresses.at(-1)).toMatch(/&active=2$/);
  });

  it("all follow a training", async () => {
    const { one, two, server } = await twoViews(otherRun);
    const { entries } = server.listing;
    const [first] = entries;
    if (!first) throw new Error("three entries");
    server.write([...entries, { ...first, id: "a-30", step: 30 }]);
    await pass(100);
    expect(one.state.value.newSteps.newest?.step).toBe(30);
    expect(two.state.value.newSteps.newest).toBeNull();
  });

  it("go to the newest step of their own runs where they follow", async () => {
    const { one, two, server } = await twoViews(otherRun);
    one.dispatch(follow(true));
    const { entries } = server.listing;
    const at = (run: string) => {
      const [found] = entries.filter((each) => each.run === run);
      if (!found) throw new Error("each run has a step");
      return { ...found, id: `${run}-30`, step: 30 };
    };
    server.write([...entries, at("a"), at("b")]);
    await pass(1000);
    expect([shown(one), shown(two)]).toEqual(["pca of a-30", "pca of b-30"]);
  });

  it("show a rewritten step as it is now, and keep what is selected", async () => {
    const { one, two, server } = await twoViews(otherRun);
    two.dispatch(select(selectionOf([0, 2])));
    await pass(3000);
    const before = server.starts.length;
    server.write(
      server.listing.entries.map((each) =>
        each.id === "b-10" ? { ...each, revision: "again" } : each,
      ),
    );
    await pass(3000);
    expect(server.starts.slice(before).map(({ dataset }) => dataset)).toContain("b-10");
    expect(server.starts.slice(before).map(({ dataset }) => dataset)).not.toContain("a-10");
    expect([shown(one), shown(two)]).toEqual(["pca of a-10", "pca of b-10"]);
    expect([rows(one), rows(two)]).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });
});

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
