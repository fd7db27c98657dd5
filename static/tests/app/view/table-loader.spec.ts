import { describe, expect, it } from "vitest";
import { togglePanel } from "../../../src/store/actions/layout";
import { goToStep } from "../../../src/store/actions/place";
import { sortTable } from "../../../src/store/actions/table";
import { activateView, addView } from "../../../src/store/actions/views";
import { shownTexts } from "../../../src/store/selectors/table";
import { scope } from "../../../src/store/store";
import { refused } from "../../fakes/fake-transport";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

async function withTable(): Promise<OpenPage> {
  const page = await openPage("#run=a&step=10");
  page.one.dispatch(togglePanel("table", true));
  await pass(1000);
  return page;
}

const DOWN = { column: 0, isDescending: true };

describe("the order of the table", () => {
  it("is asked for once the table is open, and anew for another step", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    one.dispatch(sortTable(DOWN));
    await pass(1000);
    expect(server.count(/order/)).toBe(0);
    one.dispatch(togglePanel("table", true));
    expect(one.state.value.table.isSorting).toBe(true);
    await pass(100);
    expect([...(one.state.value.table.ordered?.rows ?? [])]).toEqual([2, 1, 0]);
    one.dispatch(goToStep(20));
    await pass(1000);
    expect(server.log.filter((line) => line.includes("order"))).toEqual([
      "GET datasets/a-10/columns/0/order?descending=1",
      "GET datasets/a-20/columns/0/order?descending=1",
    ]);
  });

  it("is that of the rows where none is wanted, or none can be had", async () => {
    const { one, server } = await withTable();
    one.dispatch(sortTable({ column: 7, isDescending: false }));
    await pass(100);
    expect(one.state.value.table.order.column).toBeNull();
    server.on("GET", "datasets/a-10/columns/0/order", refused(422, "Error", "Too many."));
    one.dispatch(sortTable(DOWN));
    await pass(100);
    expect(one.state.value.table).toMatchObject({ order: { column: null }, isSorting: false });
    expect(one.state.value.page.notices[0]?.message).toBe("Too many.");
  });
});

describe("the texts of the table", () => {
  it("are fetched for rows that are in view, where the scrolling rests, and kept", async () => {
    const { one, server } = await withTable();
    one.request({ kind: "load-texts", rows: [2], columns: [0] });
    await pass(20);
    one.request({ kind: "load-texts", rows: [0, 1, 99], columns: [0, 9] });
    await pass(100);
    expect(server.count(/texts/)).toBe(1);
    expect(JSON.parse(String(server.sent.at(-1)?.body))).toMatchObject({
      rows: [0, 1],
      columns: [0],
    });
    expect(shownTexts(one.state.peek())?.get(1)).toEqual(["y"]);
    one.request({ kind: "load-texts", rows: [0, 1], columns: [0] });
    await pass(100);
    expect(server.count(/texts/)).toBe(1);
  });

  it("are fetched anew once rows were tagged, and stay until then", async () => {
    const { one, server } = await withTable();
    one.request({ kind: "load-texts", rows: [0], columns: [0] });
    await pass(100);
    server.write(server.listing.entries.map((each) => ({ ...each, tags: "t1" })));
    await pass(20);
    expect(shownTexts(one.state.peek())?.get(0)).toEqual(["x"]);
    await pass(1000);
    expect(server.count(/texts/)).toBe(2);
  });

  it("that cannot be had say why", async () => {
    const { one, server } = await withTable();
    server.on("POST", "datasets/a-10/texts", refused(500, "Error", "Not readable."));
    one.request({ kind: "load-texts", rows: [0], columns: [0] });
    await pass(100);
    expect(one.state.value.page.notices[0]?.message).toBe("Not readable.");
  });
});

it("shows the active view, and works for no other", async () => {
  const { root, server } = await withTable();
  root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
  await pass(1000);
  scope(root, "2").dispatch(sortTable(DOWN));
  await pass(1000);
  expect(server.count(/order/)).toBe(0);
  root.dispatch(activateView("2"));
  await pass(1000);
  expect(server.count(/b-10\/columns\/0\/order/)).toBe(1);
});
