import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { columnsMade } from "../../../src/store/actions/data";
import { goToStep } from "../../../src/store/actions/place";
import {
  hover,
  select,
  setSearchColumn,
  setSearchText,
} from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { pointKey } from "../../../src/store/state/state";
import { refused } from "../../fakes/fake-transport";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const HERE = "#run=a&step=10";

describe("the metadata of a point", () => {
  it("is fetched where the pointer rests, and kept", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    one.dispatch(hover(0));
    await pass(50);
    one.dispatch(hover(1));
    await pass(100);
    expect(server.count(/points\/\d$/)).toBe(1);
    expect(one.state.value.attention.values[pointKey("a-10", 1)]?.values).toEqual(["x"]);
    one.dispatch(hover(null));
    one.dispatch(hover(1));
    await pass(1000);
    expect(server.count(/points\/\d$/)).toBe(1);
  });

  it("is fetched at once for the selected one, and a failure is said for that one only", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    server.on("GET", "datasets/a-10/points/2", refused(500, "Error", "Not readable."));
    one.dispatch(hover(2));
    await pass(1000);
    expect(one.state.value.page.notices).toEqual([]);
    one.dispatch(select(selectionOf([2])));
    await pass();
    expect(one.state.value.page.notices[0]?.message).toBe("Not readable.");
  });

  it("is fetched anew once it was tagged, and where the step is another", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(select(selectionOf([1])));
    await pass(1000);
    server.write(server.listing.entries.map((each) => ({ ...each, tags: "t1" })));
    await pass(1000);
    expect(server.count("GET datasets/a-10/points/1")).toBe(2);
    one.dispatch(goToStep(20));
    await pass(1000);
    expect(server.count("GET datasets/a-20/points/1")).toBe(1);
  });

  it("is fetched anew once there are further columns", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(select(selectionOf([1])));
    await pass(1000);
    const info = one.state.value.datasets["a-10"]?.info;
    const [first] = info?.columns ?? [];
    if (!info || !first) throw new Error("It has columns.");
    const made = { ...first, index: info.columns.length, name: "cluster", made_by: "c1" };
    one.dispatch(columnsMade({ ...info, columns: [...info.columns, made] }));
    await pass(1000);
    expect(server.count("GET datasets/a-10/points/1")).toBe(2);
    expect(one.state.value.attention.values[pointKey("a-10", 1)]?.isStale).toBeFalsy();
  });
});

describe("the neighbors of the selected point", () => {
  it("are found at once, and anew for other settings once the hand rests", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    one.dispatch(select(selectionOf([1])));
    await pass();
    expect(one.state.value.attention.neighbors.value?.index).toBe(1);
    one.dispatch(setSetting("metric", "euclidean"));
    one.dispatch(setSetting("k", 1));
    await pass(59);
    expect(server.count(/neighbors/)).toBe(1);
    await pass(1);
    expect(server.log.at(-1)).toBe("GET datasets/a-10/points/1/neighbors?k=1&metric=euclidean");
  });

  it("are never more than there are other points", async () => {
    const { one, server } = await openPage(HERE);
    await pass(1000);
    one.dispatch(select(selectionOf([1])));
    await pass();
    expect(server.log.filter((line) => line.includes("neighbors"))[0]).toContain("k=2&");
  });

  it("are none where several points are selected, or one that is not there", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(select(selectionOf([0, 1])));
    await pass(100);
    one.dispatch(select(selectionOf([77])));
    await pass(100);
    expect(server.count(/neighbors/)).toBe(0);
  });

  it("that cannot be found say why", async () => {
    const { one, server } = await openPage(HERE);
    server.on("GET", "datasets/a-10/points/1/neighbors", refused(422, "Error", "No neighbors."));
    one.dispatch(select(selectionOf([1])));
    await pass(100);
    expect(one.state.value.attention.neighbors).toMatchObject({
      value: null,
      error: "No neighbors.",
    });
  });
});

describe("a search", () => {
  const rows = async (text: string) => {
    const page = await openPage(HERE);
    page.one.dispatch(setSearchText(text));
    await pass(1000);
    return page;
  };

  it("waits until the typing rests", async () => {
    const { one, server } = await openPage(HERE);
    one.dispatch(setSearchText("x"));
    await pass(100);
    one.dispatch(setSearchText("xy"));
    await pass(149);
    expect(server.count(/search/)).toBe(0);
    await pass(1);
    expect(server.log.at(-1)).toBe("GET datasets/a-10/search?text=xy&columns=1");
    expect([...(one.state.value.attention.search.rows.value ?? [])]).toEqual([0, 2]);
  });

  it("may be of a pattern, and in one column", async () => {
    const { one, server } = await rows("/x|y/");
    const last = () => server.log.findLast((line) => line.includes("search"));
    expect(last()).toBe("GET datasets/a-10/search?text=x%7Cy&regex=1&columns=1");
    one.dispatch(setSearchColumn(0));
    await pass(1000);
    expect(last()).toContain("column=0");
    // A column that this dataset does not have is no reason to find nothing.
    one.dispatch(setSearchColumn(5));
    await pass(1000);
    expect(last()).not.toContain("column=");
  });

  it("is none where an expression is typed", async () => {
    const { server } = await rows("= x");
    expect(server.count(/search/)).toBe(0);
  });

  it("that is refused says why, until something else is typed", async () => {
    const { one, server } = await openPage(HERE);
    server.on("GET", "datasets/a-10/search", refused(400, "ParameterError", "Not a pattern."));
    one.dispatch(setSearchText("/(/"));
    await pass(1000);
    expect(one.state.value.attention.search.rows.error).toBe("Not a pattern.");
    one.dispatch(setSearchText(""));
    expect(one.state.value.attention.search.rows.error).toBeNull();
  });
});
