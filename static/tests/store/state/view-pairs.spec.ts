import { describe, expect, it } from "vitest";
import { pointSpaceOf } from "../../../src/store/state/point-space";
import { pairsOf, pairsText } from "../../../src/store/state/view-pairs";
import { freshView, type ViewState } from "../../../src/store/state/view-state";
import { shown } from "../fixtures";

function view(id: string, dataset: string | null, space: string): ViewState {
  const fresh = freshView(id);
  const drawn = dataset === null ? null : { ...shown(3), dataset };
  return { ...fresh, space, work: { ...fresh.work, shown: drawn } };
}

const HERE = pointSpaceOf("mlp", "hidden", 100);
const OTHER_RUN = pointSpaceOf("cnn", "hidden", 100);
const OTHER_POINTS = pointSpaceOf("mlp", "hidden", 99);

function named(views: readonly ViewState[]): readonly string[] {
  const entries = views.map((each, at) => [String(at + 1), each] as const);
  const order = entries.map(([id]) => id);
  const pairs = pairsOf(pairsText(Object.fromEntries(entries), order, "auto", {}));
  return pairs.map(({ from, to }) => `${from.letter} ${from.dataset} ${to.letter} ${to.dataset}`);
}

describe("views that can be compared", () => {
  it("show the same points of two datasets", () => {
    const one = view("1", "a-10", HERE);
    expect(named([one, view("2", "a-20", HERE)])).toEqual(["A a-10 B a-20"]);
    expect(named([one, view("2", "b-10", OTHER_RUN)])).toEqual(["A a-10 B b-10"]);
    expect(named([one, view("2", "c-10", OTHER_POINTS)])).toEqual([]);
    expect(named([one, view("2", "a-10", HERE)])).toEqual([]);
    expect(named([one, view("2", null, HERE)])).toEqual([]);
    expect(named([one])).toEqual([]);
  });

  it("are named once for the same two datasets, by the first views", () => {
    const views = [
      view("1", "a-10", HERE),
      view("2", "a-20", HERE),
      view("3", "a-10", HERE),
      view("4", "b-10", OTHER_RUN),
    ];
    expect(named(views)).toEqual(["A a-10 B a-20", "A a-10 D b-10", "B a-20 D b-10"]);
  });
});
