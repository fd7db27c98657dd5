import { describe, expect, it } from "vitest";
import { FrameTimes } from "../../../src/model/view/frame-times";

describe("the times of frames", () => {
  it("are none before a frame was drawn", () => {
    expect(new FrameTimes().summary()).toBeNull();
  });

  it("are their middle and their longest, in whatever order they came", () => {
    const times = new FrameTimes();
    for (const each of [9, 1, 5]) times.record(each);
    expect(times.summary()).toEqual({ nFrames: 3, median: 5, longest: 9 });
  });

  it("are those of the latest frames", () => {
    const times = new FrameTimes();
    times.record(1000);
    for (let frame = 0; frame < 120; frame++) times.record(2);
    expect(times.summary()).toEqual({ nFrames: 120, median: 2, longest: 2 });
  });
});
