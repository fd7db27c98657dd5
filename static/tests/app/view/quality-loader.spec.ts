import { describe, expect, it } from "vitest";
import { type Quality, scoreRef } from "../../../src/model/projection/quality";
import { openMethod, setDims } from "../../../src/store/actions/projection";
import { hover } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { isBusy } from "../../../src/store/selectors/busy";
import { qualityProjectionId, scoreData, shownQuality } from "../../../src/store/selectors/quality";
import { json, refused } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const measured = /POST projections\/\w+\/quality/;

/** A UMAP that is done. */
async function done(page: OpenPage): Promise<string> {
  page.one.dispatch(openMethod("umap"));
  page.one.request({ kind: "run" });
  await pass(500);
  const { id } = page.server.last("a-10");
  page.server.end(id, "done");
  await pass(500);
  return id;
}

describe("the quality of what is shown", () => {
  it("is measured by itself once the page is at rest", async () => {
    const { one, server } = await openPage(HERE);
    await pass(800);
    expect(server.count(measured)).toBe(0);
    expect(isBusy(one.state.peek())).toBe(true);
    await pass(1000);
    expect(server.count(measured)).toBe(1);
    expect(shownQuality(one.state.peek())?.state).toBe("done");
    expect(isBusy(one.state.peek())).toBe(false);
  });

  it("of a PCA is that of as many dimensions as are seen", async () => {
    const { one, server } = await openPage(HERE);
    await pass(3000);
    const [pca, twin] = server.projections;
    expect(twin?.params).toEqual({ n_components: 2 });
    expect(qualityProjectionId(one.state.peek())).toBe(twin?.id);
    one.dispatch(setDims(3));
    await pass(3000);
    // All three components are seen: the projection itself is measured.
    expect(qualityProjectionId(one.state.peek())).toBe(pca?.id);
  });

  it("is not measured of what is left at once", async () => {
    const page = await openPage(HERE);
    await done(page);
    page.one.dispatch(openMethod("pca"));
    page.one.request({ kind: "run" });
    await pass(3000);
    const twin = page.server.projections.at(-1)?.id;
    expect(page.server.log.filter((line) => measured.test(line))).toEqual([
      `POST projections/${twin}/quality?k=15`,
    ]);
  });

  it("of very many points is measured only when it is asked for", async () => {
    const server = new FakeServer([{ ...entry("a", 10), n_points: 60_000 }]);
    const { one } = await openPage(HERE, server);
    await pass(5000);
    expect(server.count(measured)).toBe(0);
    one.request({ kind: "measure-quality" });
    await pass(1000);
    expect(server.count(measured)).toBe(1);
  });

  it("is waited for, also where no event tells of it", async () => {
    const page = await openPage(HERE);
    const id = await done(page);
    const running: Quality = {
      state: "running",
      phase: "",
      done: 0,
      total: 1,
      ahead: null,
      k: 15,
      summary: null,
      error: null,
    };
    page.server.change(id, { quality: running });
    page.server.on("POST", `projections/${id}/quality`, json(page.server.byId(id)));
    await pass(1000);
    expect(isBusy(page.one.state.peek())).toBe(true);
    page.server.change(id, { quality: { ...running, state: "done" } });
    await pass(5000);
    expect(shownQuality(page.one.state.peek())?.state).toBe("done");
  });

  it("that cannot be measured says why, and is not tried again by itself", async () => {
    const page = await openPage(HERE);
    const id = await done(page);
    const reason = "The source data was deleted, so quality cannot be computed.";
    page.server.on("POST", `projections/${id}/quality`, refused(409, "Error", reason));
    await pass(5000);
    expect(page.one.state.value.quality.failures[id]).toBe(reason);
    expect(page.server.count(measured)).toBe(1);
    page.server.restore("POST", `projections/${id}/quality`);
    page.one.request({ kind: "measure-quality" });
    await pass(1000);
    expect(shownQuality(page.one.state.peek())?.state).toBe("done");
  });
});

describe("a score of each point", () => {
  it("is fetched where something shows it, once", async () => {
    const { one, server } = await openPage(HERE);
    await pass(3000);
    expect(server.count(/quality\/overlap/)).toBe(0);
    one.dispatch(setSetting("color", scoreRef("overlap")));
    await pass(100);
    expect(scoreData(one.state.peek(), "overlap")?.numbers.values).toHaveLength(3);
    one.dispatch(hover(1));
    await pass(100);
    expect(server.count(/GET projections\/\w+\/quality\/overlap/)).toBe(1);
    expect(server.count(/GET projections\/\w+\/quality\//)).toBe(4);
  });

  it("makes a projection be measured that is colored by it", async () => {
    const server = new FakeServer([{ ...entry("a", 10), n_points: 60_000 }]);
    const { one } = await openPage(HERE, server);
    one.dispatch(setSetting("color", scoreRef("overlap")));
    await pass(1000);
    expect(server.count(measured)).toBe(1);
  });

  it("that cannot be fetched says why, and is not asked for again", async () => {
    const { one, server } = await openPage(HERE);
    await pass(3000);
    const id = qualityProjectionId(one.state.peek()) ?? "";
    server.on("GET", `projections/${id}/quality/overlap`, refused(500, "Error", "Not readable."));
    one.dispatch(setSetting("color", scoreRef("overlap")));
    await pass(100);
    one.dispatch(hover(1));
    one.dispatch(hover(null));
    await pass(100);
    expect(server.count(/quality\/overlap/)).toBe(1);
    expect(Object.values(one.state.value.quality.failures)).toEqual(["Not readable."]);
  });
});
