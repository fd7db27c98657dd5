import { describe, expect, it } from "vitest";
import { type FlagSources, POINT_FLAG, pointFlags } from "../../../src/model/view/point-flags";
import { EMPTY_SELECTION, selectionOf } from "../../../src/model/view/selection";

const nothing: FlagSources = {
  nPoints: 4,
  selection: EMPTY_SELECTION,
  neighbors: [],
  found: null,
  failures: null,
  hidden: null,
  ghosts: true,
  slot: null,
  slots: null,
};

describe("point flags", () => {
  it("are zero while nothing is selected, searched or filtered", () => {
    expect([...pointFlags(nothing)]).toEqual([0, 0, 0, 0]);
  });

  it("turn what a search does not find into ghosts", () => {
    expect([...pointFlags({ ...nothing, found: Uint32Array.of(2) })]).toEqual([2, 2, 0, 2]);
  });

  it("turn what filters leave out into ghosts, together with a search", () => {
    const failures = Uint8Array.of(0, 1, 0, 2);
    expect([...pointFlags({ ...nothing, failures })]).toEqual([0, 2, 0, 2]);
    const both = pointFlags({ ...nothing, failures, found: Uint32Array.of(0, 1) });
    expect([...both]).toEqual([0, 2, 2, 2]);
    expect([...pointFlags({ ...nothing, failures, ghosts: false })]).toEqual([0, 1, 0, 1]);
  });

  it("let the rest step back while the legend is pointed at", () => {
    const slots = Uint16Array.of(0, 1, 0, 1);
    expect([...pointFlags({ ...nothing, slot: 1, slots })]).toEqual([2, 0, 2, 0]);
  });

  it("hide what was hidden, whatever else it is", () => {
    const hidden = Uint8Array.of(0, 0, 0, 1);
    const flags = pointFlags({ ...nothing, hidden, selection: selectionOf([2, 3]) });
    expect([...flags]).toEqual([0, 0, 4, 1]);
  });

  it("mark selection and neighbors, and rows that do not exist not at all", () => {
    const flags = pointFlags({ ...nothing, selection: selectionOf([1, 99]), neighbors: [3] });
    expect([...flags]).toEqual([0, POINT_FLAG.selected, 0, POINT_FLAG.neighbor]);
  });
});
