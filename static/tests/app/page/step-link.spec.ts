import { describe, expect, it } from "vitest";
import { placeOf } from "../../../src/model/data/listing";
import { setPlaying, setStepLink } from "../../../src/store/actions/page";
import { goToStep, moveStep } from "../../../src/store/actions/place";
import { addView } from "../../../src/store/actions/views";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const ENTRIES = [
  ...[10, 20, 30].map((step) => entry("a", step)),
  ...[10, 20, 60].map((step) => entry("b", step)),
];

async function open() {
  const page = await openPage("#run=a&step=10", new FakeServer(ENTRIES));
  page.root.dispatch(addView({ place: placeOf(entry("b", 10)) }));
  await pass(1000);
  const steps = () =>
    page.root.state.peek().order.map((id) => page.root.state.peek().views[id]?.view.place?.step);
  return { ...page, steps };
}

describe("steps of other runs", () => {
  it("go along to the same step", async () => {
    const { one, steps } = await open();
    one.dispatch(moveStep(1));
    expect(steps()).toEqual([20, 20]);
    one.dispatch(goToStep(30));
    expect(steps()).toEqual([30, 20]);
  });

  it("go along to the same share of the training, or stay", async () => {
    const { one, steps } = await open();
    one.dispatch(setStepLink("share"));
    one.dispatch(goToStep(30));
    expect(steps()).toEqual([30, 60]);
    one.dispatch(setStepLink("off"));
    one.dispatch(goToStep(10));
    expect(steps()).toEqual([10, 60]);
  });

  it("stay where they are in other views of the same run", async () => {
    const page = await openPage("#run=a&step=10", new FakeServer(ENTRIES));
    page.root.dispatch(addView({ place: placeOf(entry("a", 30)) }));
    page.one.dispatch(goToStep(20));
    expect(page.root.state.peek().views["2"]?.view.place?.step).toBe(30);
  });

  it("are waited for while steps are played", async () => {
    const { one, steps, server } = await open();
    server.instant = new Set();
    one.dispatch(setPlaying(true));
    await pass(10_000);
    expect(steps()).toEqual([20, 20]);
    server.end(server.last("a-20", "pca").id, "done");
    await pass(1500);
    expect(steps()).toEqual([20, 20]);
    server.end(server.last("b-20", "pca").id, "done");
    await pass(1500);
    expect(steps()).toEqual([30, 20]);
  });
});
