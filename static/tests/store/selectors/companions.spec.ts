import { describe, expect, it } from "vitest";
import type { Series } from "../../../src/model/data/scalars";
import { selectionOf } from "../../../src/model/view/selection";
import { datasetLoaded } from "../../../src/store/actions/data";
import { goToStep, listingLoaded } from "../../../src/store/actions/place";
import { askCentroid } from "../../../src/store/actions/query";
import { chooseScalar, scalarsLoaded, setLogarithmic } from "../../../src/store/actions/scalars";
import { select, setSearchColumn, setSearchText } from "../../../src/store/actions/selection";
import {
  currentEntry,
  expressionColumn,
  isLogHere,
  openAnswer,
  revisionOf,
  scalarsHere,
  seriesHere,
  tagsOf,
} from "../../../src/store/selectors/companions";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, listing } from "../fixtures";

function stateAfter(...actions: Action[]): State {
  return [listingLoaded(listing, { run: "a", step: 10 }), ...actions].reduce(
    (state, action) => action(state),
    INITIAL_STATE,
  );
}

const series = (tag: string, ...values: number[]): Series => ({
  tag,
  steps: values.map((_, at) => at),
  values,
});
const loaded = scalarsLoaded("a", {
  series: [series("accuracy", 0, 0.5, 1), series("loss", 1, 100, 10_000)],
  warnings: [],
});

describe("the scalars of the shown run", () => {
  it("are those of the place, none before they have come", () => {
    expect(scalarsHere(stateAfter())).toBeNull();
    expect(scalarsHere(stateAfter(loaded))?.series).toHaveLength(2);
    expect(scalarsHere(stateAfter(scalarsLoaded("a", { series: [], warnings: [] })))).toBeNull();
    expect(
      scalarsHere(stateAfter(scalarsLoaded("b", { series: [], warnings: [] }), loaded)),
    ).not.toBeNull();
  });

  it("show the chosen curve, logarithmically where that can be read", () => {
    const chosen = stateAfter(loaded, chooseScalar("loss"));
    expect(seriesHere(chosen)?.tag).toBe("loss");
    expect(isLogHere(chosen)).toBe(true);
    expect(isLogHere(setLogarithmic(false)(chosen))).toBe(false);
    // There is no logarithm of zero, whatever was chosen.
    const zero = stateAfter(loaded, chooseScalar("accuracy"), setLogarithmic(true));
    expect(isLogHere(zero)).toBe(false);
    expect(isLogHere(stateAfter())).toBe(false);
  });
});

describe("what the listing says of a dataset", () => {
  it("is its newest revision; of a deleted one, the last that was known", () => {
    const state = stateAfter(datasetLoaded(dataset, "r0", "t0"));
    expect([revisionOf(state, "a-10"), tagsOf(state, "a-10")]).toEqual(["r1", ""]);
    const deleted = listingLoaded({ ...listing, entries: listing.entries.slice(1) })(state);
    expect([revisionOf(deleted, "a-10"), tagsOf(deleted, "a-10")]).toEqual(["r0", "t0"]);
    expect([revisionOf(INITIAL_STATE, "a-10"), tagsOf(INITIAL_STATE, "a-10")]).toEqual([
      null,
      null,
    ]);
  });

  it("is of the place where the view is", () => {
    expect(currentEntry(stateAfter())?.id).toBe("a-10");
    expect(currentEntry(stateAfter(goToStep(99)))).toBeNull();
  });
});

describe("a search by vectors", () => {
  it("names labels of the searched column, or of the labels' own", () => {
    const state = stateAfter(datasetLoaded(dataset));
    expect(expressionColumn(state)).toBe(0);
    expect(expressionColumn(setSearchColumn(5)(state))).toBe(0);
    expect(expressionColumn(stateAfter())).toBeNull();
  });

  it("is answered for the expression, or for the centroid of what is selected", () => {
    expect(openAnswer(stateAfter())).toBeNull();
    const typed = stateAfter(setSearchText("= x"));
    expect(openAnswer(typed)).toBe(typed.query.expression);
    const rows = selectionOf([0, 1]);
    const asked = stateAfter(setSearchText("= x"), select(rows), askCentroid(rows));
    expect(openAnswer(asked)).toBe(asked.query.centroid);
    const single = selectionOf([0]);
    expect(openAnswer(stateAfter(select(single), askCentroid(single)))).toBeNull();
  });
});
