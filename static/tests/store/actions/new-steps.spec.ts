import { describe, expect, it } from "vitest";
import { newestStep, rewritten } from "../../../src/model/data/listing-changes";
import { datasetLoaded } from "../../../src/store/actions/data";
import { dropFailed, dropStarted, uploadChanged } from "../../../src/store/actions/file-drops";
import { entriesRewritten, follow, stepArrived } from "../../../src/store/actions/new-steps";
import { listingLoaded } from "../../../src/store/actions/place";
import { requestAnswered, showPositions } from "../../../src/store/actions/projection";
import { isCurrent, isPlaceGone } from "../../../src/store/selectors/companions";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, entry, listing, projection } from "../fixtures";

const here = { run: "a", name: "hidden", step: 10 };

function stateAfter(...actions: readonly Action[]): State {
  return actions.reduce((state, action) => action(state), INITIAL_STATE);
}

const shown = showPositions({
  dataset: "a-10",
  projection: "p1",
  method: "pca",
  params: {},
  components: null,
  positions: { values: new Float32Array(6), dims: 2 },
  isLive: false,
});
const opened = [listingLoaded(listing, { run: "a", step: 10 }), shown];

describe("a newer listing", () => {
  const newer = { ...listing, version: "2", entries: [...listing.entries, entry("a", 30)] };
  it("tells of a later step of the same tensor only", () => {
    expect(newestStep(listing, newer, here)?.step).toBe(30);
    expect(newestStep(listing, newer, { ...here, run: "b" })).toBeNull();
    expect(newestStep(newer, listing, here)).toBeNull();
  });
  it("tells which files were rewritten", () => {
    const [first, ...rest] = listing.entries;
    if (!first) throw new Error("three entries");
    const changed = { ...listing, entries: [{ ...first, revision: "r2" }, ...rest] };
    expect(rewritten(listing, changed)).toEqual(["a-10"]);
    expect(rewritten(listing, newer)).toEqual([]);
  });
  it("moves nobody who has not asked for it", () => {
    const place = { ...here, step: 30 };
    expect(stateAfter(...opened, listingLoaded(newer), stepArrived(place)).view.place?.step).toBe(
      10,
    );
    const following = stateAfter(...opened, follow(true), listingLoaded(newer), stepArrived(place));
    expect(following.view.place?.step).toBe(30);
    expect(following.newSteps.newest).toBeNull();
  });
});

describe("what was deleted", () => {
  const without = { ...listing, entries: listing.entries.slice(1) };
  it("stays on the screen and is said to be gone", () => {
    const state = stateAfter(...opened, listingLoaded(without));
    expect(state.view.place?.step).toBe(10);
    expect(isPlaceGone(state)).toBe(true);
  });
  it("leads elsewhere where there is no picture of it", () => {
    const state = stateAfter(
      listingLoaded(listing, { run: "a", step: 10 }),
      listingLoaded(without),
    );
    expect(state.view.place?.step).toBe(20);
    expect(isPlaceGone(state)).toBe(false);
  });
});

describe("a rewritten file", () => {
  const [first, ...rest] = listing.entries;
  const changed = listingLoaded({
    ...listing,
    entries: first ? [{ ...first, revision: "r2" }, ...rest] : [],
  });
  const known = [...opened, datasetLoaded(dataset, "r1")];
  it("is fetched again", () => {
    expect(isCurrent(stateAfter(...known), "a-10")).toBe(true);
    expect(isCurrent(stateAfter(...known, changed), "a-10")).toBe(false);
    expect(isCurrent(stateAfter(...known, changed, datasetLoaded(dataset, "r2")), "a-10")).toBe(
      true,
    );
  });
  it("has no answers of before", () => {
    const state = stateAfter(
      ...known,
      requestAnswered("a-10 pca {}", projection({})),
      requestAnswered("a-20 pca {}", projection({ id: "p2", dataset: "a-20" })),
      entriesRewritten(["a-10"]),
    );
    expect(Object.keys(state.work.answers)).toEqual(["a-20 pca {}"]);
  });
});

it("keeps each dropped file's own fate", () => {
  const files = [
    { name: "a.npy", size: 4 },
    { name: "b.tsv", size: 2 },
  ];
  const state = stateAfter(
    dropStarted("x", files),
    uploadChanged("x", 0, { state: "done", sent: 4 }),
    dropFailed("x", { "b.tsv": "no" }),
  );
  expect(state.fileDrops.drops[0]?.files.map((each) => [each.state, each.message])).toEqual([
    ["done", null],
    ["failed", "no"],
  ]);
});
