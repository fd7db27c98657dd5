import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { dismiss, nextTheme, notify } from "../../../src/store/actions/page";
import {
  clearSelection,
  forgetPoints,
  hover,
  mediaExplained,
  mediaForgotten,
  neighborsFound,
  select,
  selectBack,
  selectForward,
  setSearchText,
  valuesLoaded,
} from "../../../src/store/actions/selection";
import { selectedPoint, selection } from "../../../src/store/selectors/shown";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";

function stateAfter(...actions: Action[]): State {
  return actions.reduce((state, action) => action(state), INITIAL_STATE);
}

describe("the selection", () => {
  it("can be walked back and forward", () => {
    const state = stateAfter(select(selectionOf([1])), select(selectionOf([2])), selectBack());
    expect(selectedPoint(state)).toBe(1);
    expect(selectedPoint(selectForward()(state))).toBe(2);
    expect(selection(selectBack()(state))).toHaveLength(0);
    expect(selectBack()(INITIAL_STATE).attention.history).toEqual(INITIAL_STATE.attention.history);
  });

  it("takes no step where nothing changes", () => {
    const state = stateAfter(select(selectionOf([1])));
    expect(select(selectionOf([1]))(state)).toBe(state);
    expect(clearSelection()(INITIAL_STATE)).toBe(INITIAL_STATE);
  });

  it("takes the old neighbors away with the old point", () => {
    const neighbors = {
      index: 1,
      metric: "cosine",
      k: 1,
      indices: [2],
      distances: [0],
      exact: true,
    };
    const state = stateAfter(
      select(selectionOf([1])),
      neighborsFound({ ...neighbors, metric: "cosine" }),
    );
    expect(select(selectionOf([2]))(state).attention.neighbors.value).toBeNull();
  });

  it("is given up where the points are others", () => {
    const state = stateAfter(select(selectionOf([1])), hover(1, { x: 0, y: 0 }), forgetPoints());
    expect(selection(state)).toHaveLength(0);
    expect(state.attention.hover).toBeNull();
  });
});

it("an emptied search has no results", () => {
  const state = stateAfter(setSearchText("x"), setSearchText(""));
  expect(state.attention.search.rows.value).toBeNull();
});

it("metadata of many points is bounded", () => {
  const loads = Array.from({ length: 900 }, (_, index) => valuesLoaded("d", { index, values: [] }));
  const { values } = stateAfter(...loads).attention;
  expect(Object.keys(values).length).toBeLessThan(500);
  expect(values["d:899"]).toBeDefined();
});

describe("the page", () => {
  it("says a sentence once, until it is taken away", () => {
    const state = stateAfter(
      notify("error", "gone"),
      notify("error", "gone"),
      notify("info", "here"),
    );
    expect(state.page.notices.map(({ message }) => message)).toEqual(["gone", "here"]);
    expect(dismiss(1)(state).page.notices.map(({ message }) => message)).toEqual(["here"]);
  });

  it("has three themes to go through", () => {
    expect(stateAfter(nextTheme()).page.theme).toBe("light");
    expect(stateAfter(nextTheme(), nextTheme(), nextTheme()).page.theme).toBe("auto");
  });
});

describe("a point's image that cannot be shown", () => {
  it("is explained until it is shown no more", () => {
    const explained = mediaExplained("u", "It is not there.")(INITIAL_STATE);
    expect(explained.attention.mediaProblems).toEqual({ u: "It is not there." });
    expect(mediaForgotten("other")(explained)).toBe(explained);
    expect(mediaForgotten("u")(explained).attention.mediaProblems).toEqual({});
  });
});
