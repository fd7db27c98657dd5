import { describe, expect, it } from "vitest";
import type { Listing } from "../../../src/model/data/listing";
import {
  cellText,
  comparedRuns,
  comparedSteps,
  MOST_COMPARED,
  type Similarity,
} from "../../../src/model/data/similarity";
import { entry, listing } from "../../store/fixtures";

const PLACE = { run: "a", name: "hidden", step: 10 };

function listed(...entries: readonly (readonly [run: string, step: number])[]): Listing {
  return { ...listing, entries: entries.map(([run, step]) => entry(run, step)) };
}

describe("which steps are compared", () => {
  it("are all of the tensor", () => {
    const found = comparedSteps(listing, PLACE);
    expect(found.labels).toEqual(["step 10", "step 20"]);
    expect(found).toMatchObject({ nAll: 2, note: "" });
  });

  it("are evenly chosen where they are many, and it is said", () => {
    const many = listed(...Array.from({ length: 90 }, (_, at) => ["a", at] as const));
    const found = comparedSteps(many, PLACE);
    expect(found.entries.length).toBe(MOST_COMPARED);
    expect(found.note).toBe("24 of 90 steps, evenly chosen.");
    expect(found.labels.at(-1)).toBe("step 89");
  });
});

describe("which runs are compared", () => {
  it("are compared at the last step that all of them have", () => {
    const found = comparedRuns(listed(["a", 0], ["a", 10], ["a", 20], ["b", 0], ["b", 10]), PLACE);
    expect(found.entries.map(({ id }) => id)).toEqual(["a-10", "b-10"]);
    expect(found.labels).toEqual(["a", "b"]);
    expect(found.note).toBe("At step 10, the last one that all have.");
  });

  it("are compared each at its last step where they have none in common", () => {
    const found = comparedRuns(listed(["a", 0], ["a", 20], ["b", 7]), PLACE);
    expect(found.labels).toEqual(["a, step 20", "b, step 7"]);
    expect(found.note).toBe("Each at its last step: they have none in common.");
  });

  it("are evenly chosen where they are many", () => {
    const many = listed(...Array.from({ length: 60 }, (_, at) => [`run-${at}`, 5] as const));
    const found = comparedRuns(many, PLACE);
    expect([found.entries.length, found.nAll]).toEqual([MOST_COMPARED, 60]);
    expect(found.note).toContain("24 of 60 runs, evenly chosen.");
  });
});

describe("a cell of the matrix", () => {
  const similarity: Similarity = {
    figure: "kept",
    n: 2,
    matrix: new Float32Array([1, 0.25, 0.25, Number.NaN]),
    errors: new Float32Array([0, 0.0125, 0.0125, 0]),
    nShared: new Uint32Array([1797, 1500, 1500, 1500]),
    warnings: [],
  };
  const labels = ["step 0", "step 20"];

  it("is told with its pair, its number and how sure it is", () => {
    expect(cellText(similarity, labels, 0, 1)).toBe(
      "step 0 and step 20: 0.250 ± 0.013, 1,500 points",
    );
    expect(cellText(similarity, labels, 0, 0)).toBe("step 0: 1.000, 1,797 points");
  });

  it("says where there is no number", () => {
    expect(cellText(similarity, labels, 1, 1)).toBe("step 20: not defined");
  });
});
