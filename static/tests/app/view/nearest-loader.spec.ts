import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { askCentroid } from "../../../src/store/actions/query";
import { select, setSearchText } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { isCentroidOpen, openAnswer } from "../../../src/store/selectors/companions";
import { refused } from "../../fakes/fake-transport";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";
const asked = /POST datasets\/a-10\/nearest/;
const body = (line: { readonly body?: unknown } | undefined) => JSON.parse(String(line?.body));

describe("an expression", () => {
  it("is asked for once the typing rests, with the labels that it names", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    one.dispatch(setSearchText("= x - "));
    await pass(400);
    one.dispatch(setSearchText("= x - y"));
    await pass(449);
    expect(server.count(asked)).toBe(0);
    await pass(1);
    expect(body(server.sent.at(-1))).toMatchObject({ expression: "x - y", column: 0, k: 2 });
    expect(openAnswer(one.state.peek())?.value?.indices).toEqual([1]);
  });

  it("is forgotten when it is taken back, and asked anew for another number", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(setSearchText("= x"));
    await pass(1000);
    one.dispatch(setSetting("k", 1));
    await pass(1000);
    expect(server.count(asked)).toBe(2);
    one.dispatch(setSearchText(""));
    await pass();
    expect(one.state.value.query.expression.value).toBeNull();
  });

  it("that names nothing says so", async () => {
    const { one, server } = await openPage(HERE);
    server.on(
      "POST",
      "datasets/a-10/nearest",
      refused(400, "ParameterError", "Unknown label 'z'."),
    );
    one.dispatch(setSearchText("= z"));
    await pass(1000);
    expect(openAnswer(one.state.peek())?.error).toBe("Unknown label 'z'.");
  });
});

describe("the centroid of a selection", () => {
  it("is asked about at once, and once for the same points", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    const rows = selectionOf([0, 2]);
    one.dispatch(select(rows));
    one.dispatch(askCentroid(rows));
    await pass();
    const [question] = server.sent.filter(({ text }) => text.endsWith("/nearest"));
    expect(body(question)).toMatchObject({ points: [0, 2], k: 2 });
    one.dispatch(select(selectionOf([1])));
    expect(isCentroidOpen(one.state.peek())).toBe(false);
    one.dispatch(select(rows));
    await pass(1000);
    expect(server.count(asked)).toBe(1);
    expect(openAnswer(one.state.peek())?.value).not.toBeNull();
  });

  it("that cannot be asked about says why", async () => {
    const { one, server } = await openPage(HERE);
    server.on("POST", "datasets/a-10/nearest", refused(422, "Error", "No vectors."));
    const rows = selectionOf([0, 2]);
    one.dispatch(select(rows));
    one.dispatch(askCentroid(rows));
    await pass(100);
    expect(one.state.value.query.centroid.error).toBe("No vectors.");
  });
});
