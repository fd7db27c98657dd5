import { describe, expect, it } from "vitest";
import { askNearness } from "../../../src/store/actions/checks";
import { foundNearness } from "../../../src/store/selectors/checks";
import { json } from "../../fakes/fake-transport";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const RUNNING = { id: "n1", state: "running", phase: "neighbors", error: null, result: null };
const DONE = { ...RUNNING, state: "done", result: { k: 2, outliers: [], pairs: [] } };

describe("distances to neighbors", () => {
  it("are asked for with the view's metric, and followed to their end", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(1000);
    server.on("POST", "nearness", json(RUNNING)).on("GET", "nearness/n1", json(DONE));
    one.dispatch(askNearness());
    await pass(0);
    const { body } = server.sent.find(({ path }) => path[0] === "nearness") ?? {};
    expect(JSON.parse(String(body))).toEqual({ datasets: ["a-10"], k: 2, metric: "cosine" });
    expect(foundNearness(one.state.peek())).toBeNull();
    await pass(300);
    expect(foundNearness(one.state.peek())?.k).toBe(2);
    await pass(5000);
    expect(server.count("GET nearness/n1")).toBe(1);
  });

  it("are given up on request", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(1000);
    server.on("POST", "nearness", json(RUNNING)).on("DELETE", "nearness/n1", json(RUNNING));
    one.dispatch(askNearness());
    await pass(0);
    one.request({ kind: "stop-nearness" });
    await pass(5000);
    expect(server.count("DELETE nearness/n1")).toBe(1);
    expect(server.count("GET nearness/n1")).toBe(0);
    expect(one.state.peek().checks.asked).toBe("");
  });
});
