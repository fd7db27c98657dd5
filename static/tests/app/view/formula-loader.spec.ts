import { describe, expect, it } from "vitest";
import { setSetting } from "../../../src/store/actions/view";
import { failingWhere } from "../../../src/store/selectors/formula";
import { shownDataset } from "../../../src/store/selectors/shown";
import { json, refused } from "../../fakes/fake-transport";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

describe("a condition", () => {
  it("is asked of the server, and filters what fails", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(1000);
    one.dispatch(setSetting("where", "norm > 1"));
    await pass(100);
    const sent = server.sent.find(({ path }) => path.at(-1) === "where");
    expect(JSON.parse(String(sent?.body))).toEqual({ formula: "norm > 1" });
    expect([...(failingWhere(one.state.peek()) ?? [])]).toEqual([0, 1, 0]);
    one.dispatch(setSetting("where", ""));
    await pass(100);
    expect(failingWhere(one.state.peek())).toBeNull();
  });

  it("in a link is asked when the points are there", async () => {
    const { one, server } = await openPage("#run=a&step=10&where=norm+%3E+1");
    await pass(1000);
    expect(one.state.peek().view.where).toBe("norm > 1");
    expect(server.count("POST datasets/a-10/where")).toBe(1);
  });

  it("that cannot be asked says why", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    server.on("POST", "datasets/a-10/where", refused(400, "ParameterError", "Unknown column 'a'."));
    one.dispatch(setSetting("where", "a > 1"));
    await pass(1000);
    expect(one.state.peek().formula.failing.error).toBe("Unknown column 'a'.");
  });
});

describe("a computed column", () => {
  it("is there as soon as the server has it", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(1000);
    server.on("POST", "datasets/a-10/computed", json({}));
    server.datasets.set("a-10", { computed: { far: "norm" } });
    one.request({ kind: "compute-column", name: "far", formula: "norm" });
    await pass(100);
    expect(shownDataset(one.state.peek())?.info.computed).toEqual({ far: "norm" });
  });
});
