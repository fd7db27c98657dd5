import { describe, expect, it } from "vitest";
import { select } from "../../../src/store/actions/selection";
import { goBackTo } from "../../../src/store/actions/subset";
import { rowNumber, selection, shownDataset } from "../../../src/store/selectors/shown";
import { ancestors } from "../../../src/store/selectors/subset";
import type { Store } from "../../../src/store/store";
import { bytes, json } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const PART = { ...entry("a", 10), id: "part", name: "hidden · 2 points", n_points: 2 };

/** A page on which two of the three points are projected alone. */
async function openPart() {
  const server = new FakeServer();
  const opened = await openPage("#run=a&step=10", server);
  await pass(1000);
  server
    .on("POST", "datasets/a-10/subset", json({ dataset: "part" }))
    .on("GET", "datasets/part/ids", bytes(Uint32Array.of(0, 2).buffer))
    .datasets.set("part", { subset_of: { dataset: "a-10" } });
  server.write([...server.listing.entries, PART]);
  opened.one.dispatch(select(Uint32Array.of(0, 2)));
  opened.one.request({ kind: "project-only", rows: Uint32Array.of(0, 2) });
  await pass(3000);
  return { ...opened, server };
}

const idOf = (store: Store) => shownDataset(store.state.peek())?.info.id;

describe("projecting only some points", () => {
  it("shows them as a dataset of their own, whose points keep their rows", async () => {
    const { one, server } = await openPart();
    const sent = server.sent.find(({ path }) => path.at(-1) === "subset");
    expect([...new Uint8Array(sent?.body as ArrayBuffer)]).toEqual([5]);
    expect(idOf(one)).toBe("part");
    expect(one.state.peek().work.shown?.positions.values.length).toBe(4);
    expect(rowNumber(one.state.peek(), 1)).toBe(2);
    expect([...selection(one.state.peek())]).toEqual([]);
  });

  it("leads back to the whole, with what was selected meanwhile", async () => {
    const { one } = await openPart();
    const [whole] = ancestors(one.state.peek());
    expect(whole).toMatchObject({ dataset: "a-10", nPoints: 3 });
    one.dispatch(select(Uint32Array.of(1)));
    if (whole) one.dispatch(goBackTo(whole));
    await pass(3000);
    expect(idOf(one)).toBe("a-10");
    expect([...selection(one.state.peek())]).toEqual([2]);
    expect(ancestors(one.state.peek())).toEqual([]);
  });
});
