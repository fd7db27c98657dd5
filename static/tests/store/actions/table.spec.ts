import { describe, expect, it } from "vitest";
import { datasetLoaded } from "../../../src/store/actions/data";
import { resizePanel, togglePanel } from "../../../src/store/actions/layout";
import { listingLoaded } from "../../../src/store/actions/place";
import { showPositions } from "../../../src/store/actions/projection";
import { sortTable, textsFound } from "../../../src/store/actions/table";
import {
  contentKey,
  filesKey,
  orderKey,
  shownTexts,
  textsOf,
} from "../../../src/store/selectors/table";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, listing, shown } from "../fixtures";

function stateAfter(...actions: Action[]): State {
  return actions.reduce((state, action) => action(state), INITIAL_STATE);
}

const opened = stateAfter(
  listingLoaded(listing, { run: "a", step: 10 }),
  datasetLoaded(dataset, "r1", "t1"),
  showPositions(shown(3)),
);

describe("the content of the table", () => {
  it("is named by files and tags, and its order by a column on top of that", () => {
    expect(filesKey(opened)).not.toBe(filesKey(stateAfter()));
    const tagged = datasetLoaded(dataset, "r1", "t2")(opened);
    expect(filesKey(tagged)).toBe(filesKey(opened));
    expect(contentKey(tagged)).not.toBe(contentKey(opened));
    expect(orderKey(opened)).toBe("");
    const down = sortTable({ column: 0, isDescending: true })(opened);
    expect(orderKey(down)).not.toBe(
      orderKey(sortTable({ column: 0, isDescending: false })(opened)),
    );
  });

  it("is kept text by text, one list for each column", () => {
    const of = textsOf(opened);
    const first = textsFound(of, [0, 2], [1], [["x", null]])(opened);
    const both = textsFound(of, [2], [0], [["y"]])(first);
    expect(shownTexts(both)?.get(2)).toEqual(["y", null]);
    expect(shownTexts(both)?.get(0)?.[0]).toBeUndefined();
  });

  it("stays on the screen after tagging, and not after the files were rewritten", () => {
    const known = textsFound(textsOf(opened), [0], [0], [["x"]])(opened);
    expect(shownTexts(datasetLoaded(dataset, "r1", "t2")(known))?.get(0)).toEqual(["x"]);
    expect(shownTexts(datasetLoaded({ ...dataset, content: "d" }, "r2", "t1")(known))).toBeNull();
    const renewed = textsFound({ files: "other", content: "other" }, [1], [0], [["y"]])(known);
    expect(renewed.table.texts.has(0)).toBe(false);
  });

  it("is bounded", () => {
    const rows = (from: number) => Array.from({ length: 1000 }, (_, at) => from + at);
    const pages = [0, 1000, 2000, 3000, 4000].map((from) =>
      textsFound(textsOf(opened), rows(from), [0], [rows(from).map(String)]),
    );
    const { texts } = pages.reduce((state, page) => page(state), opened).table;
    expect(texts.size).toBeLessThanOrEqual(4000);
    expect(texts.get(4999)).toEqual(["4999"]);
  });
});

describe("the layout", () => {
  it("keeps panels within what can be used", () => {
    const { sizes } = stateAfter(resizePanel("left", 5), resizePanel("right", 333.4)).layout;
    expect(sizes).toEqual({ left: 210, right: 333, table: null });
    expect(resizePanel("left", null)(stateAfter()).layout.sizes.left).toBeNull();
  });

  it("opens and closes panels", () => {
    expect(stateAfter(togglePanel("table")).layout.open.table).toBe(true);
    expect(stateAfter(togglePanel("table"), togglePanel("table")).layout.open.table).toBe(false);
    expect(stateAfter(togglePanel("left", true)).layout.open.left).toBe(true);
  });
});
