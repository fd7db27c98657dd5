import { describe, expect, it } from "vitest";
import type { RangeFilter } from "../../src/model/view/filter";
import { selectionOf } from "../../src/model/view/selection";
import { addIsolationStep, setFilter } from "../../src/store/actions/filter";
import { showPositions } from "../../src/store/actions/projection";
import { nameSelection, redo, select, selectBack, undo } from "../../src/store/actions/selection";
import { setSetting } from "../../src/store/actions/view";
import { INITIAL_ROOT, type RootState } from "../../src/store/state/root-state";
import { type State, stateOf } from "../../src/store/state/state";
import { FIRST_VIEW } from "../../src/store/state/view-id";
import { type Action, inView, type RootAction } from "../../src/store/store";
import { recorded } from "../../src/store/undo";
import { shown } from "./fixtures";

/** As the store does it, at a time of our own. */
function changed(root: RootState, now: number, ...actions: (Action | RootAction)[]): RootState {
  return actions.reduce((before, action) => {
    const { inRoot } = typeof action === "function" ? inView(FIRST_VIEW, action) : action;
    return recorded(before, inRoot(before), now);
  }, root);
}

const seen = (root: RootState): State => stateOf(root, FIRST_VIEW);

const column = { index: 1, name: "size" };
function range(high: number): RangeFilter {
  return { kind: "range", column, range: [0, high], missing: false };
}

describe("undo", () => {
  it("brings back what was selected, filtered and colored, one change at a time", () => {
    const first = changed(INITIAL_ROOT, 0, select(selectionOf([1, 2])), setSetting("color", null));
    const second = changed(first, 5000, setFilter(column, range(1)));
    const one = changed(second, 6000, undo());
    expect(seen(one).view.filters).toEqual([]);
    expect(seen(one).view.color).toBeNull();
    const two = changed(one, 6000, undo());
    expect(seen(two).view.color).toBeUndefined();
    expect(seen(changed(two, 6000, undo())).attention.history.present).toHaveLength(0);
    const forth = changed(two, 6000, redo(), redo());
    expect(seen(forth).view.filters).toEqual([range(1)]);
    expect(changed(forth, 6000, redo())).toBe(forth);
  });

  it("takes a moving brush as one change, and a later one as another", () => {
    const dragged = changed(
      INITIAL_ROOT,
      100,
      setFilter(column, range(1)),
      setFilter(column, range(2)),
    );
    expect(dragged.page.edits.past).toHaveLength(1);
    const later = changed(dragged, 5000, setFilter(column, range(3)));
    expect(later.page.edits.past).toHaveLength(2);
    expect(seen(changed(later, 5000, undo())).view.filters).toEqual([range(2)]);
  });

  it("leaves alone what is no change of these", () => {
    expect(changed(INITIAL_ROOT, 0, setSetting("k", 20)).page.edits.past).toHaveLength(0);
    expect(changed(INITIAL_ROOT, 0, undo())).toBe(INITIAL_ROOT);
  });

  it("brings points back that were hidden, and selections that were forgotten", () => {
    const rows = selectionOf([1]);
    const state = changed(
      INITIAL_ROOT,
      0,
      select(rows),
      nameSelection(),
      addIsolationStep("hide", rows),
    );
    const back = changed(state, 0, undo());
    expect(seen(back).view.isolation).toEqual([]);
    expect(seen(back).attention.named).toHaveLength(1);
    expect(seen(changed(back, 0, undo())).attention.named).toHaveLength(0);
  });

  it("ends where the points are others", () => {
    const state = changed(
      INITIAL_ROOT,
      0,
      showPositions(shown(3)),
      select(selectionOf([1])),
      showPositions(shown(4)),
    );
    expect(changed(state, 0, undo())).toBe(state);
  });

  it("and walking back along the selections are two things", () => {
    const state = changed(INITIAL_ROOT, 0, select(selectionOf([1])), select(selectionOf([2])));
    const back = changed(state, 0, selectBack());
    expect([...seen(changed(back, 0, undo())).attention.history.present]).toEqual([2]);
  });
});
