import { describe, expect, it } from "vitest";
import { placeOf } from "../../../src/model/data/listing";
import { addView } from "../../../src/store/actions/views";
import { ownSettings } from "../../../src/store/selectors/views";
import { scope } from "../../../src/store/store";
import { json, refused } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const run = (name: string, lr: number) => ({
  name,
  group: "",
  status: "unknown",
  start_time: null,
  end_time: null,
  hparams: { lr, seed: 0 },
  metrics: {},
  n_tensors: 1,
});
const RUNS = json({ runs: [run("a", 0.1), run("b", 0.01)], problems: [] });
const server = () =>
  new FakeServer([entry("a", 10), entry("a", 20), entry("b", 10)]).on("GET", "runs", RUNS);

describe("runs", () => {
  it("are asked for by their names once views show several, and told in captions", async () => {
    const page = await openPage("#run=a&step=10", server());
    await pass(1000);
    expect(page.server.count(/runs/)).toBe(0);
    page.root.dispatch(addView({ place: placeOf(entry("a", 20)) }));
    await pass(1000);
    expect(page.server.count(/runs/)).toBe(0);
    page.root.dispatch(addView({ place: placeOf(entry("b", 10)) }));
    await pass(1000);
    expect(page.server.count(/runs/)).toBe(1);
    expect(ownSettings(page.one.state.peek())).toBe("lr 0.1");
    expect(ownSettings(scope(page.root, "3").state.peek())).toBe("lr 0.01");
  });

  it("are asked for again each time the table is opened", async () => {
    const page = await openPage("#run=a&step=10", server());
    for (const times of [1, 2]) {
      page.one.request({ kind: "load-runs" });
      await pass(100);
      expect(page.server.count(/runs/)).toBe(times);
    }
    expect(page.one.state.peek().runs.all).toMatchObject({ status: "ready" });
  });

  it("that cannot be listed say why", async () => {
    const broken = server().on("GET", "runs", refused(500, "InternalError", "It broke."));
    const page = await openPage("#run=a&step=10", broken);
    page.one.request({ kind: "load-runs" });
    await pass(100);
    expect(page.one.state.peek().runs.all).toMatchObject({ status: "failed" });
  });
});
