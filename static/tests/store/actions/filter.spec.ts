import { describe, expect, it } from "vitest";
import type { RangeFilter } from "../../../src/model/view/filter";
import { selectionOf } from "../../../src/model/view/selection";
import {
  addIsolationStep,
  clearFilters,
  keepIsolationSteps,
  setFilter,
  toggleFilterValue,
} from "../../../src/store/actions/filter";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";

function stateAfter(...actions: Action[]): State {
  return actions.reduce((state, action) => action(state), INITIAL_STATE);
}

const [size, label] = [
  { index: 1, name: "size" },
  { index: 0, name: "label" },
];
const range: RangeFilter = { kind: "range", column: size, range: [0, 1], missing: false };

describe("filters", () => {
  it("are one for each column", () => {
    const state = stateAfter(setFilter(size, range), setFilter(size, { ...range, range: [0, 2] }));
    expect(state.view.filters).toEqual([{ ...range, range: [0, 2] }]);
    expect(setFilter(size, null)(state).view.filters).toEqual([]);
  });

  it("take values one by one, until none is left", () => {
    const one = stateAfter(setFilter(size, range), toggleFilterValue(label, { name: "a" }));
    expect(one.view.filters[1]).toMatchObject({ kind: "values", names: ["a"] });
    const two = toggleFilterValue(label, { name: "b" })(one);
    expect(two.view.filters[1]).toMatchObject({ names: ["a", "b"] });
    const none = toggleFilterValue(label, { name: "a" })(
      toggleFilterValue(label, { name: "b" })(two),
    );
    expect(none.view.filters).toEqual([range]);
  });

  it("are cleared together; where there are none nothing changes", () => {
    expect(clearFilters()(stateAfter(setFilter(size, range))).view.filters).toEqual([]);
    expect(clearFilters()(INITIAL_STATE)).toBe(INITIAL_STATE);
    expect(setFilter(size, null)(INITIAL_STATE)).toBe(INITIAL_STATE);
  });
});

describe("isolated and hidden points", () => {
  it("are so step by step, and come back step by step", () => {
    const rows = selectionOf([1]);
    const state = stateAfter(addIsolationStep("isolate", rows), addIsolationStep("hide", rows));
    expect(keepIsolationSteps(1)(state).view.isolation).toEqual([{ kind: "isolate", rows }]);
    expect(keepIsolationSteps(0)(state).view.isolation).toEqual([]);
    expect(keepIsolationSteps(2)(state)).toBe(state);
    expect(addIsolationStep("hide", selectionOf([]))(state)).toBe(state);
  });
});
