import { expect, it } from "vitest";
import { setPlaying, setPlaySeconds } from "../../../src/store/actions/page";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const steps = () => new FakeServer([10, 20, 30].map((step) => entry("a", step)));

it("shows each step for as long as was chosen, and stops at the last one", async () => {
  const { one } = await openPage("#run=a&step=10", steps());
  const step = () => one.state.peek().view.place?.step;
  one.dispatch(setPlaySeconds(2));
  one.dispatch(setPlaying(true));
  await pass(0);
  expect(step()).toBe(20);
  await pass(1000);
  expect(step()).toBe(20);
  await pass(2000);
  expect(step()).toBe(30);
  await pass(4000);
  expect(one.state.value.page.isPlaying).toBe(false);
});

it("begins again at the end", async () => {
  const { one } = await openPage("#run=a&step=30", steps());
  one.dispatch(setPlaying(true));
  await pass(10);
  expect(one.state.value.view.place?.step).toBe(10);
});

it("waits for a step that is being computed", async () => {
  const server = steps();
  const { one } = await openPage("#run=a&step=10", server);
  server.instant = new Set();
  one.dispatch(setPlaying(true));
  await pass(10_000);
  expect(one.state.value.view.place?.step).toBe(20);
  expect(one.state.value.page.isStepAwaited).toBe(true);
  server.end(server.last("a-20", "pca").id, "done");
  await pass(100);
  expect(one.state.value.page.isStepAwaited).toBe(false);
  await pass(1400);
  expect(one.state.value.view.place?.step).toBe(30);
});

it("stops at once where there is one step only", async () => {
  const { one } = await openPage("#run=a", new FakeServer([entry("a", 10)]));
  one.dispatch(setPlaying(true));
  await pass(10);
  expect(one.state.value.page.isPlaying).toBe(false);
});
