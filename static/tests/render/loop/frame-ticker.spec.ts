import { afterEach, describe, expect, it, vi } from "vitest";
import { FrameTicker } from "../../../src/render/loop/frame-ticker";
import { FakeFrames } from "../../fakes/fake-canvas";

afterEach(() => vi.unstubAllGlobals());

describe("a ticker", () => {
  it("asks for one frame for all tasks, and calls each of them once", () => {
    const frames = new FakeFrames();
    const ticker = new FrameTicker(frames.request);
    const [one, other] = [vi.fn(), vi.fn()];
    ticker.request(one);
    ticker.request(other);
    ticker.request(one);
    expect(frames.nRequests).toBe(1);
    frames.run(40);
    expect(one).toHaveBeenCalledExactlyOnceWith(40);
    expect(other).toHaveBeenCalledExactlyOnceWith(40);
    expect(frames.isRequested).toBe(false);
  });

  it("keeps for the next frame what is asked for in this one", () => {
    const frames = new FakeFrames();
    const ticker = new FrameTicker(frames.request);
    const seen: number[] = [];
    const task = (now: number) => {
      seen.push(now);
      if (now < 30) ticker.request(task);
    };
    ticker.request(task);
    for (const now of [10, 20, 30, 40]) frames.run(now);
    expect(seen).toEqual([10, 20, 30]);
    expect(frames.nRequests).toBe(3);
  });

  it("does not call what was cancelled", () => {
    const frames = new FakeFrames();
    const ticker = new FrameTicker(frames.request);
    const task = vi.fn();
    ticker.request(task);
    ticker.cancel(task);
    frames.run(10);
    expect(task).not.toHaveBeenCalled();
  });

  it("goes on with the others when a task fails", () => {
    const report = vi.fn();
    vi.stubGlobal("reportError", report);
    const frames = new FakeFrames();
    const ticker = new FrameTicker(frames.request);
    const fault = new Error("broken");
    const other = vi.fn();
    ticker.request(() => {
      throw fault;
    });
    ticker.request(other);
    frames.run(10);
    expect(report).toHaveBeenCalledExactlyOnceWith(fault);
    expect(other).toHaveBeenCalledOnce();
  });
});
