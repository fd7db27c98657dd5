import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventsApi } from "../../src/api/events";
import { FakeTransport, refused, text, unreachable } from "../fakes/fake-transport";

class FakeDocument extends EventTarget {
  hidden = false;
  setHidden(hidden: boolean) {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page = new FakeDocument();

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakeDocument();
  vi.stubGlobal("document", page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function listening() {
  const fake = new FakeTransport();
  const handlers = {
    onLog: vi.fn(),
    onProjection: vi.fn(),
    onSelection: vi.fn(),
    onConnection: vi.fn(),
    onCrowded: vi.fn(),
    onResume: vi.fn(),
  };
  const stop = eventsApi(fake).listen(handlers);
  return { fake, handlers, stop };
}

describe("events", () => {
  it("reach their handlers", () => {
    const { fake, handlers } = listening();
    fake.openEvents();
    fake.emit("log", { version: "7" });
    fake.emit("projection", { id: "p" });
    fake.emit("selection", { number: 3, author: "python" });
    expect(handlers.onConnection.mock.calls).toEqual([[true]]);
    expect(handlers.onLog).toHaveBeenCalledExactlyOnceWith("7");
    expect(handlers.onProjection).toHaveBeenCalledExactlyOnceWith({ id: "p" });
    expect(handlers.onSelection).toHaveBeenCalledOnce();
    expect(handlers.onResume).not.toHaveBeenCalled();
  });

  it("that are not JSON are ignored", () => {
    const { fake, handlers } = listening();
    fake.emit("log", "<html>");
    expect(handlers.onLog).not.toHaveBeenCalled();
  });
});

describe("a stream that cannot be opened", () => {
  it("is one too many if the server says so", async () => {
    const { fake, handlers } = listening();
    fake.on("HEAD", "events", refused(503, "RequestError", ""));
    fake.breakEvents();
    await vi.advanceTimersByTimeAsync(1);
    expect(handlers.onConnection).toHaveBeenLastCalledWith(false);
    expect(handlers.onCrowded).toHaveBeenCalledOnce();
  });

  it("is not, if the server does not answer or has room", async () => {
    for (const answer of [unreachable(), text("")]) {
      const { fake, handlers } = listening();
      fake.on("HEAD", "events", answer);
      fake.breakEvents();
      await vi.advanceTimersByTimeAsync(1);
      expect(handlers.onCrowded).not.toHaveBeenCalled();
    }
  });

  it("is not asked about if it was open", async () => {
    const { fake } = listening();
    fake.openEvents();
    fake.breakEvents();
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.log).toEqual([]);
  });
});

describe("a broken stream", () => {
  it("is opened again, and says that something may have been missed", () => {
    const { fake, handlers } = listening();
    fake.openEvents();
    fake.breakEvents();
    expect(handlers.onConnection).toHaveBeenLastCalledWith(false);
    vi.advanceTimersByTime(499);
    expect(fake.nOpenStreams).toBe(0);
    vi.advanceTimersByTime(1);
    fake.openEvents();
    expect(handlers.onConnection).toHaveBeenLastCalledWith(true);
    expect(handlers.onResume).toHaveBeenCalledOnce();
  });

  it("is waited for longer each time, at most eight seconds", () => {
    const { fake } = listening();
    const waits = [500, 1000, 2000, 4000, 8000, 8000];
    for (const [at, wait] of waits.entries()) {
      fake.breakEvents();
      vi.advanceTimersByTime(wait - 1);
      expect(fake.nStreamsOpened).toBe(at + 1);
      vi.advanceTimersByTime(1);
      expect(fake.nStreamsOpened).toBe(at + 2);
    }
    fake.openEvents();
    fake.breakEvents();
    vi.advanceTimersByTime(500);
    expect(fake.nStreamsOpened).toBe(waits.length + 2);
  });
});

describe("a hidden page", () => {
  it("listens only while it is seen", () => {
    const { fake, handlers } = listening();
    fake.openEvents();
    page.setHidden(true);
    expect(fake.nOpenStreams).toBe(0);
    page.setHidden(false);
    fake.openEvents();
    expect(handlers.onResume).toHaveBeenCalledOnce();
  });

  it("does not try again before it is seen", () => {
    const { fake } = listening();
    fake.breakEvents();
    page.setHidden(true);
    vi.advanceTimersByTime(60_000);
    expect(fake.nStreamsOpened).toBe(1);
  });
});

describe("the end", () => {
  it("closes the stream and forgets the next attempt", () => {
    const { fake, stop } = listening();
    fake.breakEvents();
    stop();
    page.setHidden(false);
    vi.advanceTimersByTime(60_000);
    expect([fake.nStreamsOpened, fake.nOpenStreams]).toEqual([1, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
