import { describe, expect, it } from "vitest";
import {
  chosenSeries,
  curvePath,
  defaultSeries,
  fitsLogarithm,
  logarithmic,
  nearestOf,
  type Series,
  stepExtent,
  valueAt,
  valueExtent,
} from "../../../src/model/data/scalars";

function series(tag: string, steps: number[] = [0], values: (number | null)[] = [1]): Series {
  return { tag, steps, values };
}

describe("the scalar that is shown first", () => {
  it("is the training's loss", () => {
    const all = ["accuracy/train", "loss/test", "loss/train"].map((tag) => series(tag));
    expect(defaultSeries(all)?.tag).toBe("loss/train");
  });
  it("is any loss, or else the first", () => {
    expect(defaultSeries([series("a"), series("Eval/Loss")])?.tag).toBe("Eval/Loss");
    expect(defaultSeries([series("b"), series("a")])?.tag).toBe("b");
    expect(defaultSeries([])).toBeNull();
  });
  it("gives way to the one that was chosen, where the run has it", () => {
    const all = [series("loss"), series("accuracy")];
    expect(chosenSeries(all, "accuracy")?.tag).toBe("accuracy");
    expect(chosenSeries(all, "gone")?.tag).toBe("loss");
  });
});

describe("the curve", () => {
  const size = { width: 100, height: 10 };
  it("goes from corner to corner", () => {
    const line = series("a", [0, 10], [0, 1]);
    const path = curvePath(line, stepExtent(line, []), valueExtent(line), size);
    expect(path).toBe("M0.0 10.0L100.0 0.0");
  });
  it("is broken where there is no number", () => {
    const line = series("a", [0, 5, 10], [0, null, 1]);
    const path = curvePath(line, { low: 0, high: 10 }, valueExtent(line), size);
    expect(path.match(/M/g)).toHaveLength(2);
  });
  it("keeps a spike of one step among a hundred thousand, in few pieces", () => {
    const steps = Array.from({ length: 100_000 }, (_, at) => at);
    const line = series(
      "a",
      steps,
      steps.map((at) => (at === 54_321 ? 9 : 0)),
    );
    const path = curvePath(line, stepExtent(line, []), valueExtent(line), size);
    expect(path).toContain(" 0.0");
    expect(path.match(/[ML]/g)?.length).toBeLessThan(250);
  });
  it("reaches over steps that were stored before and after", () => {
    expect(stepExtent(series("a", [5, 6], [1, 1]), [0, 20])).toEqual({ low: 0, high: 20 });
  });
});

describe("a logarithmic scale", () => {
  it("is for what has fallen far and never below zero", () => {
    expect(fitsLogarithm({ low: 0.01, high: 2 })).toBe(true);
    expect(fitsLogarithm({ low: 0.1, high: 2 })).toBe(false);
    expect(fitsLogarithm({ low: 0, high: 2 })).toBe(false);
  });
  it("leaves a gap where there is no logarithm", () => {
    expect(logarithmic(series("a", [0, 1, 2], [1, 0, null])).values).toEqual([0, null, null]);
  });
});

it("reads the last value at or before a step", () => {
  const line = series("a", [10, 20, 30], [1, 2, 3]);
  expect([5, 10, 25, 99].map((step) => valueAt(line, step))).toEqual([null, 1, 2, 3]);
});

it("finds the nearest stored step", () => {
  expect(nearestOf([0, 10, 100], 40)).toBe(10);
  expect(nearestOf([], 40)).toBeNull();
});
