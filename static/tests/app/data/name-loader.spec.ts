import { describe, expect, it } from "vitest";
import { hover } from "../../../src/store/actions/selection";
import { isNameAwaited, pointLabel } from "../../../src/store/selectors/shown";
import { refused } from "../../fakes/fake-transport";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const TEXTS = "POST datasets/a-10/texts";

/** A page of so many points that their names are not fetched whole. */
async function withMany(server = new FakeServer()): Promise<OpenPage> {
  server.datasets.set("a-10", { n_points: 150_000 });
  const page = await openPage("#run=a&step=10", server);
  await pass(1000);
  return page;
}

describe("names of many points", () => {
  it("are fetched for those that are asked for, together and once", async () => {
    const { one, server } = await withMany();
    expect(server.count(/columns\/0\/text/)).toBe(0);
    expect(pointLabel(one.state.value, 1)).toBe("…");
    one.request({ kind: "load-names", rows: [1] });
    one.request({ kind: "load-names", rows: [2, 1, 400_000] });
    await pass(10);
    expect(server.count(TEXTS)).toBe(1);
    expect([1, 2].map((row) => pointLabel(one.state.value, row))).toEqual(["x", "y"]);
    one.request({ kind: "load-names", rows: [1, 2] });
    await pass(10);
    expect(server.count(TEXTS)).toBe(1);
    expect(isNameAwaited(one.state.value, 3)).toBe(true);
  });

  it("are fetched for the point under the pointer", async () => {
    const { one, server } = await withMany();
    one.dispatch(hover(1));
    await pass(10);
    expect(server.count(TEXTS)).toBe(1);
    expect(pointLabel(one.state.value, 1)).toBe("x");
  });

  it("that do not come are told of, and can be asked for again", async () => {
    const server = new FakeServer();
    const { one } = await withMany(server);
    server.on("POST", "datasets/a-10/texts", refused(500, "Error", "The disk is away."));
    one.request({ kind: "load-names", rows: [1] });
    await pass(10);
    const told = one.state.value.page.notices.map(({ message }) => message);
    expect(told).toContain("The disk is away.");
    server.restore("POST", "datasets/a-10/texts");
    one.request({ kind: "load-names", rows: [1] });
    await pass(10);
    expect(pointLabel(one.state.value, 1)).toBe("x");
  });
});
