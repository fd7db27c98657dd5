import { describe, expect, it } from "vitest";
import { barLengths } from "../../../src/model/projection/neighbors";
import {
  fitComponents,
  flattened,
  placeInLine,
  warningsOf,
  workTitle,
} from "../../../src/model/projection/projection";
import { projection } from "../../store/fixtures";

describe("components", () => {
  it("stay as chosen where they were kept", () => {
    expect(fitComponents([4, 0, 1], 3, 10)).toEqual([4, 0, 1]);
    expect(fitComponents([4, 0, 1], 2, 10)).toEqual([4, 0]);
  });

  it("are replaced where they were not, and never repeated", () => {
    expect(fitComponents([4, 0, 1], 3, 3)).toEqual([0, 1, 2]);
    expect(fitComponents([1, 1], 2, 3)).toEqual([1, 0]);
    expect(fitComponents([0, 1, 2], 3, 1)).toEqual([0]);
  });
});

it("queued work says its place, and running work what it does", () => {
  const work = { state: "queued", phase: "", paused: false, ahead: 2 } as const;
  expect(workTitle(work)).toBe("Waiting: 2 jobs are ahead");
  expect(workTitle({ ...work, ahead: 1 })).toBe("Waiting: 1 job is ahead");
  expect(workTitle({ ...work, ahead: 0 })).toBe("Waiting: it is next");
  expect(placeInLine(null)).toBe("it is next");
  expect(workTitle({ ...work, state: "running", ahead: null })).toBe("Starting");
  expect(workTitle({ ...work, state: "running", ahead: null, phase: "layout" })).toBe("layout");
  expect(workTitle({ ...work, state: "running", ahead: null, paused: true })).toBe("Paused");
});

it("a deep picture is flattened to its first two axes", () => {
  const deep = { values: Float32Array.of(1, 2, 3, 4, 5, 6), dims: 3 as const };
  expect(flattened(deep)).toEqual({ values: Float32Array.of(1, 2, 4, 5), dims: 2 });
});

it("bars start at zero distance, and at the least of similarities", () => {
  expect(barLengths([1, 2])).toEqual([0.5, 1]);
  expect(barLengths([-2, 0])).toEqual([0, 1]);
  expect(barLengths([0, 0])).toEqual([0, 0]);
});

it("warns of an approximate search only where it missed some", () => {
  const said =
    "The nearest neighbors of 9 points were searched approximately: 99.9% of the true ones were found.";
  const made = (recall: number) =>
    warningsOf(projection({ warnings: [said, "x"], details: { recall } }));
  expect(made(0.9996)).toEqual(["x"]);
  expect(made(0.999)).toEqual([said, "x"]);
  expect(warningsOf(projection({ warnings: [said] }))).toEqual([said]);
});
