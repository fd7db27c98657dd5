import { describe, expect, it } from "vitest";
import { createApi } from "../../../src/api/api";
import { createPageApi } from "../../../src/app/page/window-api";
import type { PageApi } from "../../../src/model/view/page-api";
import { openMethod } from "../../../src/store/actions/projection";
import { activateView, addView } from "../../../src/store/actions/views";
import { scope } from "../../../src/store/store";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

interface Published extends OpenPage {
  readonly api: PageApi;
}

/** Two views, of which the second shows another run. */
async function published(): Promise<Published> {
  const page = await openPage("#run=a&step=10");
  page.root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
  await pass(3000);
  const { root, server } = page;
  const api = createPageApi({
    root,
    api: createApi(server),
    views: page.page.views,
    ready: page.page.ready,
  });
  return { ...page, api };
}

describe("window.projector", () => {
  it("lists the views in their order, and the active one", async () => {
    const { root, api } = await published();
    expect(api.views()).toEqual([
      { id: "1", active: true },
      { id: "2", active: false },
    ]);
    root.dispatch(activateView("2"));
    expect(api.views().map(({ active }) => active)).toEqual([false, true]);
  });

  it("says what a view shows; without one, what the active view shows", async () => {
    const { root, api } = await published();
    expect(api.state()).toMatchObject({ run: "a", tensor: "hidden", step: 10, method: "pca" });
    expect(api.state("2").run).toBe("b");
    root.dispatch(activateView("2"));
    expect(api.state().run).toBe("b");
    expect(() => api.state("7")).toThrow('Unknown view "7". Available: 1, 2');
  });

  it("selects, in the view that is meant", async () => {
    const { api } = await published();
    api.select([2, 1, 99]);
    api.select([0], "2");
    expect(api.state("2").selection).toEqual([0]);
    // The other run's rows are taken for the same points.
    expect(api.state().selection).toEqual([0]);
  });

  it("is busy as long as any view is", async () => {
    const { root, api, server } = await published();
    expect(api.state().busy).toBe(false);
    const two = scope(root, "2");
    two.dispatch(openMethod("umap"));
    two.request({ kind: "run" });
    await pass(1000);
    expect([api.state("1").busy, api.state("2").busy]).toEqual([true, true]);
    server.frame(server.last("b-10").id, [1, 2, 3, 4, 5, 6]);
    await pass();
    expect([api.stats("1").streamedFrames, api.stats("2").streamedFrames]).toEqual([0, 1]);
    expect(api.stats().requests).toBe(server.sent.length);
  });

  it("says where a point stands in the window", async () => {
    const { api } = await published();
    expect(api.screenPosition(2)).toEqual({ x: 12, y: 22 });
    expect(api.screenPosition(1, "2")).toEqual({ x: 11, y: 21 });
    // Outside of the plot, which is 100 pixels wide.
    expect(api.screenPosition(101)).toBeNull();
  });

  it("is ready once something is drawn", async () => {
    const { api } = await published();
    await expect(api.ready).resolves.toBeUndefined();
  });
});
