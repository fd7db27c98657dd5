import { describe, expect, it } from "vitest";
import { type BudgetShare, FrameBudget, isCostly } from "../../../src/render/loop/frame-budget";

const MILLION = 1_000_000;

/** Lets a cloud move for `n` frames of so many milliseconds; the first one ends no frame. */
function move(share: BudgetShare, milliseconds: number, n: number, nPoints = MILLION): void {
  for (let frame = 0; frame <= n; frame++) share.move(frame * milliseconds, nPoints);
  share.rest();
}

/** Draws parts of what the share allows on a GPU that does so many points in a millisecond. */
function rest(share: BudgetShare, pointsPerMillisecond: number, n: number): void {
  for (let part = 0; part < n; part++) {
    const drawn = share.partLimit(MILLION);
    const took = drawn / pointsPerMillisecond;
    share.recordPart(drawn, Math.max(1, Math.ceil(took / 17)), took);
  }
}

describe("the budget of one cloud", () => {
  it("begins with what every GPU can do, and falls and rises with the frames of a movement", () => {
    const share = new FrameBudget().join();
    expect(share.motionLimit(MILLION)).toBe(100_000);
    move(share, 120, 10);
    const slow = share.motionLimit(MILLION);
    expect(slow).toBeLessThan(60_000);
    expect(slow).toBeGreaterThanOrEqual(8000);
    expect(share.restMilliseconds).toBeGreaterThan(200);
    move(share, 16, 12);
    expect(share.motionLimit(MILLION)).toBeGreaterThan(slow);
    move(share, 16, 200);
    expect(share.motionLimit(MILLION)).toBe(MILLION);
  });

  it("measures only frames that follow each other", () => {
    const share = new FrameBudget().join();
    for (let frame = 0; frame < 20; frame++) {
      share.move(frame * 500, MILLION);
      share.rest();
    }
    expect(share.motionLimit(MILLION)).toBe(100_000);
  });

  it("draws all points at once where the GPU is quick, before anything has moved", () => {
    const share = new FrameBudget().join();
    expect(share.restLimit(MILLION)).toBe(100_000);
    rest(share, 200_000, 4);
    expect(share.partLimit(MILLION)).toBe(MILLION);
    expect(share.restLimit(MILLION)).toBe(MILLION);
    expect(share.motionLimit(MILLION)).toBe(MILLION);
  });

  it("keeps parts to about a frame where there is no GPU", () => {
    const share = new FrameBudget().join();
    rest(share, 1200, 12);
    expect(share.partLimit(MILLION)).toBeGreaterThan(30_000);
    expect(share.partLimit(MILLION)).toBeLessThan(70_000);
    expect(share.restLimit(MILLION)).toBeLessThan(70_000);
  });

  it("learns nothing from the small remainder of a picture", () => {
    const share = new FrameBudget().join();
    share.recordPart(3000, 5, 80);
    expect(share.partLimit(MILLION)).toBe(100_000);
  });

  it("leaves small clouds alone", () => {
    const share = new FrameBudget().join();
    move(share, 500, 9, 2000);
    expect(share.motionLimit(2000)).toBe(2000);
    expect(isCostly(2000)).toBe(false);
  });
});

describe("the budget of two clouds", () => {
  it("is divided by the number of points while both move", () => {
    const budget = new FrameBudget();
    const [large, small] = [budget.join(), budget.join()];
    large.move(0, 3 * MILLION);
    small.move(0, MILLION);
    expect(large.motionLimit(3 * MILLION)).toBe(75_000);
    expect(small.motionLimit(MILLION)).toBe(25_000);
  });

  it("belongs to one alone while the other rests, or is gone", () => {
    const budget = new FrameBudget();
    const [one, other] = [budget.join(), budget.join()];
    one.move(0, MILLION);
    other.move(0, MILLION);
    expect(one.motionLimit(MILLION)).toBe(50_000);
    other.rest();
    expect(one.motionLimit(MILLION)).toBe(100_000);
    other.move(16, MILLION);
    other.leave();
    expect(one.motionLimit(MILLION)).toBe(100_000);
  });

  it("records a frame once, however many clouds draw in it", () => {
    const [alone, shared] = [new FrameBudget(), new FrameBudget()];
    const single = alone.join();
    const [one, other] = [shared.join(), shared.join()];
    const frames = (from: number, to: number) => {
      for (let frame = from; frame < to; frame++) {
        single.move(frame * 16, 2 * MILLION);
        one.move(frame * 16, MILLION);
        other.move(frame * 16, MILLION);
      }
    };
    const limits = () => [
      single.motionLimit(2 * MILLION),
      one.motionLimit(MILLION) + other.motionLimit(MILLION),
    ];
    // Two gaps are too few to allow more, unless each is counted twice.
    frames(0, 3);
    expect(limits()).toEqual([100_000, 100_000]);
    frames(3, 4);
    expect(limits()).toEqual([125_000, 125_000]);
  });

  it("learns from one what the other may draw", () => {
    const budget = new FrameBudget();
    const [one, other] = [budget.join(), budget.join()];
    move(one, 200, 4);
    expect(other.motionLimit(MILLION)).toBeLessThan(30_000);
    expect(other.restMilliseconds).toBe(one.restMilliseconds);
  });
});
