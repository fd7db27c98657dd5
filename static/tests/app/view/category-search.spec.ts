import { describe, expect, it } from "vitest";
import { setFilter } from "../../../src/store/actions/filter";
import { setSwatch } from "../../../src/store/actions/view";
import { shownDataset } from "../../../src/store/selectors/shown";
import { json, refused } from "../../fakes/fake-transport";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const PATH = "datasets/a-10/columns/0/categories";
const lists = (names: readonly string[], first = 2) => ({
  ranks: names.map((_, at) => first + at),
  names,
  counts: names.map(() => 1),
  n_found: 40,
});
/** Two of forty categories come with the codes. */
const MANY = { names: ["x", "y"], counts: [2, 1], n_categories: 40 };

function withMany(): FakeServer {
  return new FakeServer().on("GET", PATH, json(MANY), json(lists(["za", "zb"])));
}

describe("values among many", () => {
  it("are found once the typing rests, page by page", async () => {
    const server = withMany();
    const { one } = await openPage("#run=a&step=10", server);
    await pass(1000);
    one.request({
      kind: "find-values",
      skip: 12,
      list: "legend 0",
      column: 0,
      text: "z",
      offset: 0,
    });
    one.request({
      kind: "find-values",
      skip: 12,
      list: "chart 0",
      column: 0,
      text: "q",
      offset: 0,
    });
    one.request({
      kind: "find-values",
      skip: 12,
      list: "legend 0",
      column: 0,
      text: "za",
      offset: 0,
    });
    expect(one.state.value.categorySearches["legend 0"]?.isLoading).toBe(true);
    await pass(150);
    const asked = server.log.filter((line) => line.includes("text="));
    expect(asked.map((line) => line.replace(/.*\?/, ""))).toEqual([
      "text=q&offset=0&limit=200",
      "text=za&offset=0&limit=200",
    ]);
    expect(one.state.value.categorySearches["legend 0"]?.found.map(({ name }) => name)).toEqual([
      "za",
      "zb",
    ]);
    one.request({
      kind: "find-values",
      skip: 12,
      list: "legend 0",
      column: 0,
      text: "za",
      offset: 2,
    });
    await pass();
    expect(one.state.value.categorySearches["legend 0"]?.found).toHaveLength(4);
  });

  it("go on where the legend ends where nothing is typed", async () => {
    const server = withMany();
    const { one } = await openPage("#run=a&step=10", server);
    await pass(1000);
    one.request({
      kind: "find-values",
      skip: 12,
      list: "legend 0",
      column: 0,
      text: "",
      offset: 0,
    });
    await pass();
    expect(server.log.at(-1)).toContain(`offset=12&`);
    expect(one.state.value.categorySearches["legend 0"]?.nFound).toBe(28);
  });

  it("that cannot be found say why", async () => {
    const server = withMany();
    const { one } = await openPage("#run=a&step=10", server);
    await pass(1000);
    server.on("GET", PATH, refused(500, "Error", "Not readable."));
    one.request({ kind: "find-values", skip: 12, list: "chart 0", column: 0, text: "", offset: 0 });
    await pass();
    expect(one.state.value.page.notices[0]?.message).toBe("Not readable.");
  });
});

describe("categories that a filter or a color names", () => {
  const column = { index: 0, name: "label" };
  const filter = (names: readonly string[]) =>
    setFilter(column, { kind: "values", column, names, missing: false, other: false });

  it("are fetched where they did not come with the codes, once", async () => {
    const server = withMany().on("POST", PATH, json(lists(["z"], 30)));
    const { one } = await openPage("#run=a&step=10", server);
    one.dispatch(filter(["x", "z"]));
    await pass(1000);
    expect(
      JSON.parse(
        String(
          server.sent.findLast(({ method, text }) => method === "POST" && text === PATH)?.body,
        ),
      ),
    ).toEqual({ names: ["z"] });
    const known = shownDataset(one.state.peek())?.columns[0]?.codes?.categories;
    expect(known?.rarer).toEqual([{ rank: 30, name: "z", count: 1 }]);
    one.dispatch(setSwatch("label", "z", "#ff0000"));
    await pass(1000);
    expect(server.count(`POST ${PATH}`)).toBe(1);
  });

  it("that no point has are not asked for again", async () => {
    const server = withMany().on("POST", PATH, json(lists([])));
    const { one } = await openPage("#run=a&step=10", server);
    one.dispatch(filter(["none"]));
    await pass(1000);
    one.dispatch(filter([]));
    one.dispatch(filter(["none"]));
    await pass(1000);
    expect(server.count(`POST ${PATH}`)).toBe(1);
  });
});
