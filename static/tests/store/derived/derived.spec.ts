import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { setFilter, toggleFilterValue } from "../../../src/store/actions/filter";
import { listingLoaded } from "../../../src/store/actions/place";
import { showPositions } from "../../../src/store/actions/projection";
import { hover, pointAtEntry, select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { derive } from "../../../src/store/derived/derived";
import { pointLabel } from "../../../src/store/selectors/shown";
import { createStore } from "../../../src/store/store";
import { dataset, listing } from "../fixtures";

function shownStore() {
  const store = createStore();
  store.dispatch(listingLoaded(listing));
  store.dispatch(datasetLoaded(dataset));
  store.dispatch(
    showPositions({
      dataset: "a-10",
      projection: "p",
      method: "pca",
      params: {},
      components: [0, 1],
      positions: { values: new Float32Array(6), dims: 2 },
      isLive: false,
    }),
  );
  return store;
}

const codes = {
  kind: "codes",
  codes: Uint16Array.of(0, 1, 0),
  categories: { names: ["x", "y"], counts: [2, 1], n_categories: 2 },
} as const;

describe("what follows from the state", () => {
  it("has no colors while their column is on its way, and then those of the column", () => {
    const store = shownStore();
    const derived = derive(store);
    expect(derived.coloring.value).toBeNull();
    store.dispatch(columnLoaded("a-10", 0, { codes }));
    expect([...(derived.coloring.value?.codes ?? [])]).toEqual([0, 1, 0]);
    store.dispatch(setSetting("color", null));
    expect(derived.legend.value.kind).toBe("none");
    expect(derived.coloring.value?.palette).toHaveLength(4);
  });

  it("is made anew only when it changes: a hover recolors nothing", () => {
    const store = shownStore();
    const derived = derive(store);
    store.dispatch(columnLoaded("a-10", 0, { codes }));
    const { coloring, flags, categoryLabels, legend } = derived;
    const before = [coloring.value, flags.value, categoryLabels.value, legend.value];
    store.dispatch(hover(1, { x: 1, y: 2 }));
    const now = [coloring.value, flags.value, categoryLabels.value, legend.value];
    now.forEach((value, index) => {
      expect(value).toBe(before[index]);
    });
  });

  it("marks the selection and what a filter leaves out", () => {
    const store = shownStore();
    const derived = derive(store);
    store.dispatch(columnLoaded("a-10", 0, { codes }));
    store.dispatch(select(selectionOf([1])));
    const label = { index: 0, name: "label" };
    store.dispatch(toggleFilterValue(label, { name: "x" }));
    expect([...derived.flags.value]).toEqual([0, 6, 0]);
    expect(derived.filtering.value.nPassing).toBe(2);
    expect(derived.legendCounts.value.passing?.[1]).toBe(0);
    expect(derived.legendCounts.value.selected?.[1]).toBe(1);
    store.dispatch(setFilter(label, null));
    expect([...derived.flags.value]).toEqual([0, 4, 0]);
  });

  it("steps others back for a pointed entry, until the legend is another one", () => {
    const store = shownStore();
    const derived = derive(store);
    store.dispatch(columnLoaded("a-10", 0, { codes }));
    const label = dataset.columns[0]?.name ?? "";
    store.dispatch(pointAtEntry({ column: label, key: "y" }));
    expect([...derived.flags.value]).toEqual([2, 0, 2]);
    // Less frequent categories have the same slots in other columns, and none of these names.
    store.dispatch(pointAtEntry({ column: label, key: "z" }));
    expect([...derived.flags.value]).toEqual([0, 0, 0]);
    store.dispatch(pointAtEntry({ column: label, key: "y" }));
    store.dispatch(setSetting("color", null));
    expect([...derived.flags.value]).toEqual([0, 0, 0]);
  });

  it("calls points by their label, and by their row where there is none", () => {
    const store = shownStore();
    expect(pointLabel(store.state.value, 1)).toBe("#1");
    const text = {
      length: 3,
      offsets: Uint32Array.of(0, 1, 3, 3),
      bytes: new TextEncoder().encode("abc"),
    };
    store.dispatch(columnLoaded("a-10", 0, { text }));
    expect([0, 1, 2].map((index) => pointLabel(store.state.value, index))).toEqual([
      "a",
      "bc",
      "#2",
    ]);
  });
});
