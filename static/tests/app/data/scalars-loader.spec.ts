import { describe, expect, it } from "vitest";
import { openScalars } from "../../../src/store/actions/scalars";
import { addView } from "../../../src/store/actions/views";
import { scalarsHere } from "../../../src/store/selectors/companions";
import { scope } from "../../../src/store/store";
import { json, refused } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const LOSS = { tag: "loss", steps: [10, 20], values: [2, 1] };

function withScalars(): FakeServer {
  const entries = [entry("a", 10), entry("a", 20)].map((each) => ({ ...each, has_scalars: true }));
  const answer = json({ series: [LOSS], warnings: [] });
  return new FakeServer([...entries, entry("b", 10)])
    .on("GET", "datasets/a-10/scalars", answer)
    .on("GET", "datasets/a-20/scalars", answer);
}

describe("the scalars of a run", () => {
  it("are fetched once, when nothing else is waited for", async () => {
    const { one, server } = await openPage("#run=a&step=10", withScalars());
    await pass(240);
    expect(server.count(/scalars/)).toBe(0);
    await pass(1000);
    expect(scalarsHere(one.state.peek())?.series[0]?.tag).toBe("loss");
    one.dispatch((state) => ({
      ...state,
      view: { ...state.view, place: { run: "a", name: "hidden", step: 20 } },
    }));
    await pass(1000);
    expect(server.count(/scalars/)).toBe(1);
  });

  it("are fetched again when the listing changes: it may go on being trained", async () => {
    const { server } = await openPage("#run=a&step=10", withScalars());
    await pass(1000);
    server.write(server.listing.entries);
    await pass(1000);
    expect(server.count(/scalars/)).toBe(2);
  });

  it("are not asked for where they are closed, or where there are none", async () => {
    const { one, server } = await openPage("#run=b", withScalars());
    await pass(1000);
    expect(server.count(/scalars/)).toBe(0);
    expect(scalarsHere(one.state.peek())).toBeNull();
    const closed = await openPage("#run=a&step=10", withScalars(), ({ storage }) => {
      storage.set("projector.scalars-closed", "1");
    });
    await pass(1000);
    expect(closed.server.count(/scalars/)).toBe(0);
    closed.one.dispatch(openScalars(true));
    await pass(1000);
    expect(closed.server.count(/scalars/)).toBe(1);
  });

  it("that cannot be read leave no gap and no message", async () => {
    const server = withScalars().on("GET", "datasets/a-10/scalars", refused(500, "Error", "No."));
    const { one } = await openPage("#run=a&step=10", server);
    await pass(1000);
    expect(one.state.value.scalars.runs).toEqual({ a: { series: [], warnings: [] } });
    expect(one.state.value.page.notices).toEqual([]);
  });

  it("are those of every view's run, each fetched once", async () => {
    const { root, server } = await openPage("#run=b", withScalars());
    root.dispatch(addView({ place: { run: "a", name: "hidden", step: 10 } }));
    root.dispatch(addView({ place: { run: "a", name: "hidden", step: 20 } }));
    await pass(3000);
    expect(server.count(/scalars/)).toBe(1);
    expect(scalarsHere(scope(root, "3").state.peek())?.series).toHaveLength(1);
  });
});
