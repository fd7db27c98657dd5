import { expect, it } from "vitest";
import { summarizeRuns } from "../../../src/model/data/listing";
import { entry, listing } from "../../store/fixtures";

it("a run is told by its largest tensor and its different steps", () => {
  const entries = [
    entry("a", 10),
    { ...entry("a", 20), n_points: 2000, n_dims: 64 },
    { ...entry("a", 20), name: "other" },
    entry("b", 10),
  ];
  expect(summarizeRuns({ ...listing, entries })).toEqual([
    { run: "a", shape: "2,000 × 64", nSteps: 2 },
    { run: "b", shape: "3 × 8", nSteps: 1 },
  ]);
});
