import { describe, expect, it } from "vitest";
import {
  type Entry,
  entryAt,
  type Listing,
  nearestEntry,
  neighborStep,
  runsOf,
  tensorsOf,
} from "../../../src/model/data/listing";

function entry(run: string, name: string, step: number | null, role: Entry["role"]): Entry {
  return {
    id: `${run}/${name}/${step}`,
    run,
    name,
    step,
    n_points: 10,
    n_dims: 4,
    dtype: "float32",
    format: "tensorflow",
    path: "",
    has_metadata: true,
    has_sprite: false,
    has_bookmarks: false,
    has_scalars: false,
    role,
    revision: "r1",
    tags: "",
  };
}

const listing: Listing = {
  name: "runs",
  root: "/runs",
  version: "1",
  is_missing: false,
  n_seen: null,
  entries: [
    entry("b", "hidden", 10, "embedding"),
    entry("b", "hidden/Adam", 10, "slot"),
    entry("b", "hidden", 20, "embedding"),
    entry("b", "output", null, "weight"),
    entry("a", "hidden", 15, "embedding"),
    entry("a", "hidden", 40, "embedding"),
  ],
  problems: [],
  read_only: false,
};

describe("walking through a log", () => {
  it("keeps the order in which entries are offered", () => {
    expect(runsOf(listing)).toEqual(["b", "a"]);
  });

  it("gathers steps and puts optimizer slots last", () => {
    const tensors = tensorsOf(listing, "b");
    expect(tensors.map(({ name }) => name)).toEqual(["hidden", "output", "hidden/Adam"]);
    expect(tensors[0]?.steps.map(({ step }) => step)).toEqual([10, 20]);
  });

  it("starts at the first tensor's last step", () => {
    expect(nearestEntry(listing, {})?.id).toBe("b/hidden/20");
  });

  it("stays as near as possible when a step, tensor or run is not there", () => {
    expect(nearestEntry(listing, { run: "a", name: "hidden", step: 20 })?.step).toBe(15);
    expect(nearestEntry(listing, { run: "a", name: "gone", step: 99 })?.id).toBe("a/hidden/40");
    expect(nearestEntry(listing, { run: "gone" })?.run).toBe("b");
    expect(nearestEntry({ ...listing, entries: [] }, {})).toBeNull();
  });

  it("moves along the steps and stops at the ends", () => {
    const place = { run: "b", name: "hidden", step: 10 };
    expect(neighborStep(listing, place, 1)?.step).toBe(20);
    expect(neighborStep(listing, place, -1)).toBeNull();
    expect(entryAt(listing, { ...place, step: 11 })).toBeNull();
    expect(neighborStep(listing, { ...place, step: 11 }, 1)?.step).toBe(20);
    expect(neighborStep(listing, { ...place, step: 11 }, -1)?.step).toBe(10);
  });
});
