import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PIECE_BYTES, PIECES_AHEAD } from "../../src/api/channel";
import { BUSY_MILLISECONDS, messageTransport } from "../../src/api/message-transport";
import type { Transport } from "../../src/api/transport";
import { FakeKernel } from "../fakes/fake-kernel";

let kernel: FakeKernel;
let transport: Transport;

beforeEach(() => {
  kernel = new FakeKernel();
  transport = messageTransport(kernel, "/api/v1/");
});

const opened = (at = 0) => {
  const request = kernel.opened[at];
  if (!request) throw new Error("Nothing was opened.");
  return request;
};

describe("bodies", () => {
  it("go in pieces that are no larger than a message may be", async () => {
    const size = 16 << 20;
    const sent: number[] = [];
    const request = transport.request({
      method: "POST",
      path: ["uploads"],
      body: new Uint8Array(size).fill(7).buffer,
      onProgress: (n) => sent.push(n),
    });
    await vi.waitUntil(() => sent.at(-1) === size);
    kernel.head(opened().id);
    kernel.end(opened().id);
    await request;
    expect(Math.max(...kernel.sizes)).toBe(PIECE_BYTES);
    expect(opened().size).toBe(size);
    expect(opened().pieces.reduce((n, piece) => n + piece.byteLength, 0)).toBe(size);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
  });

  it("wait for a kernel that does not ask for more", async () => {
    kernel.isFree = false;
    const body = new ArrayBuffer(9 * PIECE_BYTES);
    const request = transport.request({ method: "POST", path: ["uploads"], body });
    await vi.waitUntil(() => opened().pieces.length === PIECES_AHEAD);
    await new Promise((resolve) => setTimeout(resolve));
    expect(opened().pieces).toHaveLength(PIECES_AHEAD);
    kernel.say({ kind: "ready", id: opened().id });
    await vi.waitUntil(() => opened().pieces.length === PIECES_AHEAD + 1);
    kernel.head(opened().id, 413);
    kernel.end(opened().id);
    expect((await request).status).toBe(413);
    // A refusal came first: the rest is nobody's.
    kernel.say({ kind: "ready", id: opened().id });
    await new Promise((resolve) => setTimeout(resolve));
    expect(opened().pieces).toHaveLength(PIECES_AHEAD + 1);
  });

  it("of answers come only as fast as they are read", async () => {
    const request = transport.request({ path: ["vectors"] });
    kernel.head(opened().id);
    for (let at = 0; at < 10; at++) kernel.chunk(opened().id, new Uint8Array([at]).buffer);
    kernel.end(opened().id);
    const reader = (await request).stream().getReader();
    await new Promise((resolve) => setTimeout(resolve));
    expect(kernel.nWaiting(opened().id)).toBe(11 - PIECES_AHEAD);
    const read: number[] = [];
    for (let { value } = await reader.read(); value; { value } = await reader.read()) {
      read.push(...value);
    }
    expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("that are cut off are an error and not the end", async () => {
    const request = transport.request({ path: ["vectors"] });
    kernel.head(opened().id);
    kernel.say({ kind: "broken", id: opened().id });
    await expect((await request).bytes()).rejects.toMatchObject({ kind: "unreachable" });
  });
});

describe("a request that is given up", () => {
  it("is given up in the kernel, too", async () => {
    const controller = new AbortController();
    const request = transport.request({ path: ["search"], signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toBe(controller.signal.reason);
    expect(opened().isAborted).toBe(true);
  });

  it("breaks the body that is still coming", async () => {
    const controller = new AbortController();
    const request = transport.request({ path: ["frames"], signal: controller.signal });
    kernel.head(opened().id);
    const reader = (await request).stream().getReader();
    const read = reader.read();
    controller.abort();
    await expect(read).rejects.toBe(controller.signal.reason);
    expect(opened().isAborted).toBe(true);
  });
});

describe("the kernel", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is busy when requests are not taken, and free when they are", async () => {
    const listener = vi.fn();
    transport.onKernel(listener);
    kernel.isFree = false;
    const request = transport.request({ path: ["log"] });
    await vi.advanceTimersByTimeAsync(BUSY_MILLISECONDS - 1);
    expect(listener).toHaveBeenLastCalledWith("free");
    await vi.advanceTimersByTimeAsync(1);
    expect(listener).toHaveBeenLastCalledWith("busy");
    kernel.take(opened());
    kernel.head(opened().id);
    kernel.end(opened().id);
    await request;
    expect(listener.mock.calls).toEqual([["free"], ["busy"], ["free"]]);
  });

  it("may work on a request for as long as it likes", async () => {
    const listener = vi.fn();
    transport.onKernel(listener);
    void transport.request({ path: ["projections"] });
    await vi.advanceTimersByTimeAsync(100 * BUSY_MILLISECONDS);
    expect(listener.mock.calls).toEqual([["free"]]);
  });

  it("stays busy when the page gives up what it asked", async () => {
    const listener = vi.fn();
    transport.onKernel(listener);
    kernel.isFree = false;
    const controller = new AbortController();
    const asked = transport.request({ path: ["log"], signal: controller.signal });
    asked.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(BUSY_MILLISECONDS);
    controller.abort();
    await vi.advanceTimersByTimeAsync(BUSY_MILLISECONDS);
    expect(listener.mock.calls).toEqual([["free"], ["busy"]]);
  });

  it("that has ended answers nothing, and that is final", async () => {
    const listener = vi.fn();
    transport.onKernel(listener);
    const before = transport.request({ path: ["log"] });
    kernel.say({ kind: "over" });
    await expect(before).rejects.toMatchObject({ kind: "unreachable" });
    const after = transport.request({ path: ["log"] });
    await expect(after).rejects.toMatchObject({ kind: "unreachable" });
    await vi.advanceTimersByTimeAsync(10 * BUSY_MILLISECONDS);
    expect(listener.mock.calls).toEqual([["free"], ["over"]]);
  });
});

describe("an address for an element", () => {
  it("is a blob of what was fetched, with its type", async () => {
    const made: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      made.push(blob as Blob);
      return "blob:one";
    });
    const url = transport.url(["points", 7, "image"]);
    kernel.head(opened().id, 200, { "Content-Type": "image/png" });
    kernel.chunk(opened().id, new Uint8Array([1, 2, 3]).buffer);
    kernel.end(opened().id);
    expect(await url).toBe("blob:one");
    expect([made[0]?.type, made[0]?.size]).toEqual(["image/png", 3]);
    vi.restoreAllMocks();
  });
});
