import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readFrames } from "../../src/api/frames";
import { bytes, FakeTransport, json, StreamSource, streamed, unreachable } from "./fake-transport";
import { frameBytes } from "./frames";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function bodyOf(fake: FakeTransport, path: readonly string[]): Promise<string> {
  return new TextDecoder().decode(await (await fake.request({ path })).bytes());
}

describe("scripted answers", () => {
  it("are given one after the other, and the last one stays", async () => {
    const fake = new FakeTransport().on("GET", "log", json(1), json(2));
    expect(await bodyOf(fake, ["log"])).toBe("1");
    expect(await bodyOf(fake, ["log"])).toBe("2");
    expect(await bodyOf(fake, ["log"])).toBe("2");
    expect(fake.traffic()).toEqual({ bytes: 3, requests: 3 });
  });

  it("match method and path, whatever the query", async () => {
    const fake = new FakeTransport().on("POST", "a/b", bytes(new ArrayBuffer(3)));
    const answer = await fake.request({ method: "POST", path: ["a", "b"], query: { k: 3 } });
    expect((await answer.bytes()).byteLength).toBe(3);
    await expect(fake.request({ path: ["a", "b"] })).rejects.toThrow("no answer to GET a/b");
    expect(fake.log).toEqual(["POST a/b?k=3", "GET a/b"]);
  });

  it("have headers in any case", async () => {
    const fake = new FakeTransport().on("GET", "x", json({}, { headers: { ETag: '"7"' } }));
    const answer = await fake.request({ path: ["x"] });
    expect(answer.header("etag")).toBe('"7"');
    expect(answer.header("Content-Type")).toBeNull();
  });

  it("come when their time has passed", async () => {
    const fake = new FakeTransport().on("GET", "slow", json("here", { delay: 1000 }));
    const onAnswer = vi.fn();
    void fake.request({ path: ["slow"] }).then(onAnswer);
    await vi.advanceTimersByTimeAsync(999);
    expect(onAnswer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(onAnswer).toHaveBeenCalledOnce();
  });

  it("may be missing, as from a server that is gone", async () => {
    const fake = new FakeTransport().on("GET", "log", unreachable());
    await expect(fake.request({ path: ["log"] })).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("report the progress of what is sent", async () => {
    const fake = new FakeTransport().on("POST", "up", json({}, { progress: [1, 5] }));
    const onProgress = vi.fn();
    await fake.request({ method: "POST", path: ["up"], body: "12345", onProgress });
    expect(onProgress.mock.calls).toEqual([[1], [5]]);
  });
});

describe("an aborted signal", () => {
  it("rejects a request that is made afterwards", async () => {
    const fake = new FakeTransport().on("GET", "log", json({}));
    const signal = AbortSignal.abort();
    await expect(fake.request({ path: ["log"], signal })).rejects.toBe(signal.reason);
  });

  it("rejects a request that waits for its answer", async () => {
    const fake = new FakeTransport().on("GET", "slow", json({}, { delay: 1000 }));
    const controller = new AbortController();
    const request = fake.request({ path: ["slow"], signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("breaks a body that is still coming", async () => {
    const source = new StreamSource();
    const fake = new FakeTransport().on("GET", "frames", streamed(source));
    const controller = new AbortController();
    const answer = await fake.request({ path: ["frames"], signal: controller.signal });
    const reader = answer.stream().getReader();
    source.push(new ArrayBuffer(2));
    expect((await reader.read()).value?.byteLength).toBe(2);
    controller.abort();
    await expect(reader.read()).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("events", () => {
  const listener = () => ({ onOpen: vi.fn(), onEvent: vi.fn(), onBreak: vi.fn() });

  it("reach those who listen for their name", () => {
    const fake = new FakeTransport();
    const heard = listener();
    fake.events(["events"], ["log"], heard);
    fake.openEvents();
    fake.emit("log", { version: "2" });
    fake.emit("other", {});
    expect(heard.onOpen).toHaveBeenCalledOnce();
    expect(heard.onEvent.mock.calls).toEqual([["log", '{"version":"2"}']]);
  });

  it("end when the stream breaks, and when it is closed", () => {
    const fake = new FakeTransport();
    const [broken, closed] = [listener(), listener()];
    fake.events(["events"], ["log"], broken);
    fake.breakEvents();
    const close = fake.events(["events"], ["log"], closed);
    close();
    fake.emit("log", {});
    fake.breakEvents();
    expect(broken.onBreak).toHaveBeenCalledOnce();
    expect(closed.onBreak).not.toHaveBeenCalled();
    expect(broken.onEvent).not.toHaveBeenCalled();
    expect([fake.nStreamsOpened, fake.nOpenStreams]).toEqual([2, 0]);
  });
});

describe("frames made for tests", () => {
  it("read as they were written", async () => {
    const source = new StreamSource();
    source.push(frameBytes([], 2, { done: 3 }));
    source.push(frameBytes([1, 2, 3, 4], 2, { share: 0.5, isLast: true }));
    const frames = [];
    for await (const frame of readFrames(source.stream)) frames.push(frame);
    expect(frames).toEqual([
      { positions: null, done: 3, share: 0, isLast: false },
      {
        positions: { values: new Float32Array([1, 2, 3, 4]), dims: 2 },
        done: 0,
        share: 0.5,
        isLast: true,
      },
    ]);
    expect(source.isCancelled).toBe(true);
  });
});
