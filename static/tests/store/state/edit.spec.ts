import { describe, expect, it } from "vitest";
import { emptyTable } from "../../../src/model/data/tags";
import { selectionOf } from "../../../src/model/view/selection";
import {
  type Edit,
  type Edits,
  NO_EDITS,
  withoutPoints,
  withoutTags,
  withoutView,
  withPointsMoved,
} from "../../../src/store/state/edit";

const points = { selection: selectionOf([1]), named: [] };
const colored: Edit = { views: { "1": { color: null } }, points: {}, tags: {} };
const both: Edit = { views: { "1": { color: null }, "2": {} }, points: { a: points }, tags: {} };
const selected: Edit = { views: {}, points: { a: points, b: points }, tags: {} };
const tagged: Edit = { views: {}, points: {}, tags: { a: emptyTable("hidden", 3) } };
const edits: Edits = { ...NO_EDITS, past: [colored, both, selected], future: [tagged] };

describe("what can be undone", () => {
  it("has nothing of a removed view, and no change that was of it alone", () => {
    const left = withoutView(edits, "1");
    expect(left.past).toEqual([{ ...both, views: { "2": {} } }, selected]);
    expect(left.future).toEqual([tagged]);
  });

  it("has nothing of points that are shown no longer", () => {
    const left = withoutPoints(withoutPoints(edits, "a"), "b");
    expect(left.past).toEqual([colored, { ...both, points: {} }]);
  });

  it("has nothing of tags that others have changed", () => {
    expect(withoutTags(edits, "a").future).toEqual([]);
    expect(withoutTags(edits, "b").future).toEqual([tagged]);
  });

  it("goes along with points that get another name", () => {
    const moved = withPointsMoved(edits, "a", "c");
    expect(moved.past.map((each) => Object.keys(each.points))).toEqual([[], ["c"], ["b", "c"]]);
    expect(moved.past[0]).toBe(colored);
  });

  it("is another list each time, so that no one takes the change for an edit", () => {
    expect(withoutTags(NO_EDITS, "a")).not.toBe(NO_EDITS);
  });
});
