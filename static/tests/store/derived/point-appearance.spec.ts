import { expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { selectionOf } from "../../../src/model/view/selection";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { setFilter } from "../../../src/store/actions/filter";
import { showPositions } from "../../../src/store/actions/projection";
import { select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { derive } from "../../../src/store/derived/derived";
import { derivePointAppearance } from "../../../src/store/derived/point-appearance";
import { createStore, type Store } from "../../../src/store/store";
import { dataset, shown } from "../fixtures";

const [label] = dataset.columns as [Column];
const numeric = { ...label, kind: "numeric", minimum: 0, maximum: 2 } as const;
const columns: readonly Column[] = [
  label,
  { ...numeric, index: 1, name: "size" },
  { ...numeric, index: 2, name: "__next__" },
];

function opened(): Store {
  const store = createStore();
  store.dispatch(showPositions(shown(3)));
  store.dispatch(datasetLoaded({ ...dataset, columns }));
  return store;
}

const numbers = (...values: number[]) => ({
  numbers: { kind: "numbers", values: Float32Array.from(values) } as const,
});

it("sizes and opacities follow their column, once its numbers are there", () => {
  const store = opened();
  const { sizes, opacities } = derivePointAppearance(store);
  store.dispatch(setSetting("sizeBy", { index: 1, name: "size" }));
  expect(sizes.value).toBeNull();
  store.dispatch(columnLoaded("a-10", 1, numbers(0, 1, 2)));
  const [small = 0, medium = 0, large = 0] = sizes.value ?? [];
  expect(small < medium && medium < large).toBe(true);
  expect(opacities.value).toBeNull();
  store.dispatch(setSetting("opacityBy", { index: 1, name: "size" }));
  expect(opacities.value).toHaveLength(3);
});

it("points are joined as a column says, until the lines are switched off", () => {
  const store = opened();
  const { sequences } = derivePointAppearance(store);
  expect(sequences.value).toBeNull();
  store.dispatch(columnLoaded("a-10", 2, numbers(1, 2, -1)));
  expect([...(sequences.value?.pairs ?? [])]).toEqual([0, 1, 1, 2]);
  store.dispatch(setSetting("lines", false));
  expect(sequences.value).toBeNull();
});

it("the legend counts what passes and what is selected, by its entries", () => {
  const store = opened();
  const { legendCounts, filtering, coloring } = derive(store);
  expect(legendCounts.value).toEqual({ passing: null, selected: null });
  const categories = { names: ["a", "b"], counts: [2, 1], n_categories: 2 };
  const codes = { kind: "codes", codes: Uint16Array.of(0, 1, 0), categories } as const;
  store.dispatch(columnLoaded("a-10", 0, { codes }));
  const slotOf = (row: number) => coloring.value?.codes[row] ?? -1;
  store.dispatch(select(selectionOf([0, 2])));
  expect(legendCounts.value.selected?.[slotOf(0)]).toBe(2);
  expect(legendCounts.value.selected?.[slotOf(1)]).toBe(0);
  expect(legendCounts.value.passing).toBeNull();
  const column = { index: 0, name: "label" };
  store.dispatch(
    setFilter(column, { kind: "values", column, names: ["b"], missing: false, other: false }),
  );
  expect(filtering.value.nPassing).toBe(1);
  expect(legendCounts.value.passing?.[slotOf(0)]).toBe(0);
  expect(legendCounts.value.passing?.[slotOf(1)]).toBe(1);
});
