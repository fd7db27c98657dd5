import { describe, expect, it } from "vitest";
import { openInspector } from "../../../src/store/actions/page";
import { nameSelection, select } from "../../../src/store/actions/selection";
import { compareWith } from "../../../src/store/actions/summary";
import { refused } from "../../fakes/fake-transport";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const asked = /POST datasets\/a-10\/contrast/;
const points = (...rows: number[]) => select(Uint32Array.from(rows));
const bitsOf = (line: { readonly body?: unknown } | undefined) => [
  ...new Uint8Array(line?.body as ArrayBuffer),
];

describe("the summary of a selection", () => {
  it("is asked for once the selection rests, and of several points only", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    one.dispatch(points(0));
    await pass(1000);
    expect(server.count(asked)).toBe(0);
    one.dispatch(points(0, 1));
    await pass(60);
    one.dispatch(points(0, 2));
    await pass(1000);
    expect(server.count(asked)).toBe(1);
    expect(bitsOf(server.sent.findLast(({ path }) => path.at(-1) === "contrast"))).toEqual([5]);
    expect(one.state.peek().summary.answer.value?.n_other).toBe(1);
  });

  it("is not asked for again by coming back to it, and never behind another tab", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(points(0, 1));
    await pass(1000);
    one.dispatch(openInspector("filter"));
    one.dispatch(openInspector("inspect"));
    await pass(1000);
    expect(server.count(asked)).toBe(1);
    one.dispatch(openInspector("filter"));
    one.dispatch(points(1, 2));
    await pass(1000);
    expect(server.count(asked)).toBe(1);
  });

  it("sends a second group where the selection is compared with a saved one", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(points(2));
    one.dispatch(nameSelection("B"));
    one.dispatch(points(0, 1));
    one.dispatch(compareWith(1));
    await pass(1000);
    expect(bitsOf(server.sent.findLast(({ path }) => path.at(-1) === "contrast"))).toEqual([3, 4]);
  });

  it("says why it failed", async () => {
    const { one, server } = await openPage(HERE);
    server.on("POST", "datasets/a-10/contrast", refused(400, "ParameterError", "No such points."));
    one.dispatch(points(0, 1));
    await pass(1000);
    expect(one.state.peek().summary.answer.error).toBe("No such points.");
  });
});
