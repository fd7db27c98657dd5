import { describe, expect, it } from "vitest";
import { type MatchAnswer, NO_ROW } from "../../src/model/view/matching";
import { addIsolationStep } from "../../src/store/actions/filter";
import { matchAsked, matchFailed, matchFound } from "../../src/store/actions/matches";
import { setMatchBy } from "../../src/store/actions/page";
import { listingLoaded } from "../../src/store/actions/place";
import { showPositions } from "../../src/store/actions/projection";
import { hover, select, undo } from "../../src/store/actions/selection";
import { addView, removeView } from "../../src/store/actions/views";
import { hollowWords, matchWords } from "../../src/store/selectors/matching";
import { selection } from "../../src/store/selectors/shown";
import { pointSpaceOf } from "../../src/store/state/point-space";
import { pairsOf } from "../../src/store/state/view-pairs";
import { createRootStore, type Store, scope } from "../../src/store/store";
import { listing, shown } from "./fixtures";

const A = pointSpaceOf("a", "hidden", 4);
const B = pointSpaceOf("b", "hidden", 3);
/** Row 0 of A is row 2 of B, row 3 is row 1; B's row 0 is not in A. */
const ROWS = Uint32Array.of(2, NO_ROW, NO_ROW, 1);
const ANSWER: MatchAnswer = {
  by: "id",
  columns: ["id"],
  n_shared: 2,
  n_only_a: 2,
  n_only_b: 1,
  n_duplicated: 0,
  warnings: [],
};

/** Two runs with other numbers of points. */
function twoRuns() {
  const root = createRootStore();
  const one = scope(root, "1");
  one.dispatch(listingLoaded(listing, { run: "a", name: "hidden", step: 10 }));
  one.dispatch(showPositions(shown(4)));
  root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
  const two = scope(root, "2");
  two.dispatch(showPositions(shown(3, { dataset: "b-10", projection: "p2" })));
  return { root, one, two };
}

function matched() {
  const runs = twoRuns();
  runs.root.dispatch(matchFound(A, B, ANSWER, ROWS));
  return runs;
}

const rows = (store: Store) => [...selection(store.state.peek())];
const pointed = (store: Store) => store.state.peek().attention.hover;

describe("points of other numbers", () => {
  it("are not matched before the server has said by what", () => {
    const { root, one, two } = twoRuns();
    one.dispatch(select(Uint32Array.of(0)));
    expect(rows(two)).toEqual([]);
    expect(matchWords(one.state.peek())?.text).toBe("not matched with B");
    expect(matchWords(one.state.peek())?.meaning).toContain("they are 4 and 3");
    root.dispatch(matchAsked(A, B));
    expect(matchWords(two.state.peek())?.text).toBe("matching with A …");
    root.dispatch(matchFailed(A, B, "no such column"));
    expect(matchWords(one.state.peek())?.isCaution).toBe(true);
    expect(matchWords(one.state.peek())?.meaning).toContain("no such column");
  });

  it("have one selection and one pointer, each under its own row", () => {
    const { one, two } = matched();
    one.dispatch(select(Uint32Array.of(0, 1, 3)));
    expect(rows(two)).toEqual([1, 2]);
    // What only A has stays selected while the pointer goes over B.
    two.dispatch(hover(2));
    expect(pointed(one)).toBe(0);
    expect(rows(one)).toEqual([0, 1, 3]);
    two.dispatch(hover(0));
    expect(pointed(one)).toBeNull();
    two.dispatch(select(Uint32Array.of(0, 1)));
    expect(rows(one)).toEqual([3]);
    one.dispatch(undo());
    expect([rows(one), rows(two)]).toEqual([
      [0, 1, 3],
      [1, 2],
    ]);
    two.dispatch(undo());
    expect([rows(one), rows(two)]).toEqual([[], []]);
  });

  it("take over what is selected once they are matched, and nothing is to be undone of it", () => {
    const { root, one, two } = twoRuns();
    one.dispatch(select(Uint32Array.of(0, 2)));
    const { past } = root.state.peek().page.edits;
    root.dispatch(matchFound(A, B, ANSWER, ROWS));
    expect(rows(two)).toEqual([2]);
    expect(root.state.peek().page.edits.past).toHaveLength(past.length);
  });

  it("are isolated in both by their own rows", () => {
    const { one, two } = matched();
    one.dispatch(addIsolationStep("isolate", Uint32Array.of(0, 1)));
    const steps = two.state.peek().view.isolation;
    expect(steps.map(({ rows }) => [...rows])).toEqual([[2]]);
    // The same steps are the same array: nothing is isolated anew.
    one.dispatch(hover(1));
    expect(two.state.peek().view.isolation).toBe(steps);
  });

  it("say how many each side has, and can be compared", () => {
    const { root, one, two } = matched();
    expect(matchWords(one.state.peek())?.text).toBe(
      "2 of 4 matched by the column id; 2 only in A, 1 only in B",
    );
    expect(matchWords(two.state.peek())?.text).toBe(
      "2 of 3 matched by the column id; 1 only in B, 2 only in A",
    );
    expect(hollowWords(one.state.peek())).toBe("2 that B does not have");
    expect(pairsOf(one.state.peek().views.pairs)).toHaveLength(1);
    root.dispatch(removeView("2"));
    expect(matchWords(one.state.peek())).toBeNull();
  });

  it("are matched anew where a person chooses by what", () => {
    const { one, two } = matched();
    one.dispatch(setMatchBy("row"));
    expect(matchWords(one.state.peek())?.text).toBe("not matched with B");
    one.dispatch(select(Uint32Array.of(0)));
    expect(rows(two)).toEqual([]);
    expect(hollowWords(one.state.peek())).toBeNull();
  });
});
