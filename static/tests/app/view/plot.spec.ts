import { describe, expect, it } from "vitest";
import { HOME_2D } from "../../../src/model/camera/camera";
import { selectionOf } from "../../../src/model/view/selection";
import { setReach, setTool } from "../../../src/store/actions/page";
import { goToStep } from "../../../src/store/actions/place";
import { hover, select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { addView } from "../../../src/store/actions/views";
import { selection } from "../../../src/store/selectors/shown";
import { scope } from "../../../src/store/store";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";

describe("what a person does in the plot", () => {
  it("points at, selects and turns", async () => {
    const { one, cloud } = await openPage(HERE);
    await pass(1000);
    cloud.events.onHover(2);
    expect(one.state.value.attention).toMatchObject({ hover: 2, anchor: { x: 2, y: 2 } });
    cloud.events.onHover(null);
    expect(one.state.value.attention.hover).toBeNull();
    cloud.events.onClick(1, "replace");
    cloud.events.onSelect(Uint32Array.of(0, 2), "add");
    expect([...selection(one.state.peek())]).toEqual([0, 1, 2]);
    cloud.events.onClick(null, "replace");
    expect([...selection(one.state.peek())]).toEqual([]);
    const camera = { ...HOME_2D };
    cloud.events.onCamera(camera);
    expect(one.state.value.view.camera).toBe(camera);
    cloud.events.onStatus("lost");
    expect(one.state.value.page.graphics).toBe("lost");
  });

  it("concerns the view whose plot it is", async () => {
    const { root, one, cloud } = await openPage(HERE);
    root.dispatch(addView());
    await pass(1000);
    // The last plot is that of the second view.
    cloud.events.onStatus("lost");
    cloud.events.onHover(1);
    const two = scope(root, "2");
    expect(two.state.value.page.graphics).toBe("lost");
    expect(one.state.value.page.graphics).toBe("ok");
    expect(one.state.value.attention).toMatchObject({ hover: 1, anchor: null });
  });
});

describe("what the plot is told", () => {
  /** Calls of some methods since a moment. */
  function since(calls: readonly string[], ...names: string[]) {
    const start = calls.length;
    return () => calls.slice(start).filter((each) => names.includes(each));
  }

  it("is only what has changed", async () => {
    const { one, cloud } = await openPage(HERE);
    await pass(2000);
    const all = ["setPositions", "setColoring", "setFlags", "setTool", "setReach", "setHover"];
    const heard = since(cloud.calls, ...all, "setPointScale");
    one.dispatch(setSetting("pointScale", 2));
    one.dispatch(setTool("lasso"));
    one.dispatch(setReach("front"));
    one.dispatch(hover(1));
    one.dispatch(select(selectionOf([1])));
    expect(heard()).toEqual(["setPointScale", "setTool", "setReach", "setHover", "setFlags"]);
  });

  it("has the camera where the person left it, as long as the points are the same", async () => {
    const server = new FakeServer([
      entry("a", 10),
      entry("a", 20),
      { ...entry("a", 30), n_points: 5 },
    ]);
    server.datasets.set("a-30", { columns: [], label_column: null, color_column: null });
    const { one, cloud } = await openPage(HERE, server);
    await pass(1000);
    cloud.events.onCamera({ ...HOME_2D });
    const turned = since(cloud.calls, "setCamera");
    one.dispatch(goToStep(20));
    await pass(1000);
    expect(turned()).toEqual([]);
    one.dispatch(select(selectionOf([1])));
    one.dispatch(goToStep(30));
    await pass(1000);
    // Other points altogether: where the camera stood among the old ones means nothing.
    expect(turned().length).toBeGreaterThan(0);
    expect(one.state.value.view.camera).toBeNull();
    expect([...selection(one.state.peek())]).toEqual([]);
  });

  it("ends with the page", async () => {
    const { one, cloud, page } = await openPage(HERE);
    await pass(1000);
    page.stop();
    const heard = since(cloud.calls, "setTool", "setFlags");
    one.dispatch(setTool("lasso"));
    one.dispatch(select(selectionOf([1])));
    expect(heard()).toEqual([]);
    expect(cloud.nOpen).toBe(0);
  });
});
