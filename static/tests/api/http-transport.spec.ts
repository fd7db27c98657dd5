import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../../src/api/api";
import { httpTransport } from "../../src/api/http-transport";
import { StreamSource } from "../fakes/fake-transport";

const BASE = "http://localhost:6006/behind/a/proxy/api/v1/";
const answers: Response[] = [];
const asked: { url: string; init: RequestInit }[] = [];

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("addresses", () => {
  it("stand below the base, so that a proxy's path works", async () => {
    answers.push(Response.json({ entries: [] }));
    await httpTransport(BASE).request({ path: ["log"] });
    expect(asked[0]).toMatchObject({ url: `${BASE}log`, init: { method: "GET" } });
  });

  it("encode what is put into them", async () => {
    const url = httpTransport(BASE).url(["x/y", "..", 7], { text: "a&b=c d", no: undefined });
    expect(await url).toBe(`${BASE}x%2Fy/../7?text=a%26b%3Dc%20d`);
  });
});

describe("an answer", () => {
  it("has its status, headers and bytes, whatever the status", async () => {
    answers.push(
      new Response("no", { status: 409, statusText: "Conflict", headers: { ETag: '"7"' } }),
    );
    const transport = httpTransport(BASE);
    const answer = await transport.request({
      method: "PUT",
      path: ["tags"],
      headers: { "If-Match": '"6"' },
      body: "new",
    });
    expect([answer.status, answer.statusText, answer.header("etag")]).toEqual([
      409,
      "Conflict",
      '"7"',
    ]);
    expect(new TextDecoder().decode(await answer.bytes())).toBe("no");
    expect(asked[0]?.init).toMatchObject({
      method: "PUT",
      headers: { "If-Match": '"6"' },
      body: "new",
      credentials: "same-origin",
    });
  });

  it("may not come at all", async () => {
    const request = httpTransport(BASE).request({ path: ["log"] });
    await expect(request).rejects.toMatchObject({ name: "ApiError", kind: "unreachable" });
  });

  it("leaves an aborted request what it is", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new DOMException("Aborted", "AbortError");
    });
    const request = httpTransport(BASE).request({ path: ["log"] });
    await expect(request).rejects.toBeInstanceOf(DOMException);
  });

  it("closes the connection when its stream is cancelled", async () => {
    const source = new StreamSource();
    answers.push(new Response(source.stream));
    const answer = await httpTransport(BASE).request({ path: ["frames"] });
    source.push(new ArrayBuffer(4));
    const reader = answer.stream().getReader();
    expect((await reader.read()).value?.byteLength).toBe(4);
    await reader.cancel();
    expect(source.isCancelled).toBe(true);
  });
});

describe("traffic", () => {
  it("is counted for each transport by itself", async () => {
    const [one, other] = [httpTransport(BASE), httpTransport(BASE)];
    answers.push(new Response(new ArrayBuffer(24)), new Response("äö"));
    await (await one.request({ path: ["positions"] })).bytes();
    const streamed = (await other.request({ path: ["frames"] })).stream();
    expect(await new Response(streamed).text()).toBe("äö");
    await other.request({ path: ["gone"] }).catch(() => undefined);
    expect(one.traffic()).toEqual({ bytes: 24, requests: 1 });
    expect(other.traffic()).toEqual({ bytes: 4, requests: 2 });
    expect(createApi(one).traffic()).toEqual(one.traffic());
  });
});

/** What the transport uses of an XMLHttpRequest. */
class FakeXhr {
  static last: FakeXhr | null = null;
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 200;
  statusText = "OK";
  response = new ArrayBuffer(0);
  responseType = "";
  opened: unknown[] = [];
  headers: Record<string, string> = {};
  constructor() {
    FakeXhr.last = this;
  }
  open(...args: unknown[]) {
    this.opened = args;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  send() {}
  abort() {
    this.onabort?.();
  }
}

describe("a body whose progress is asked for", () => {
  const upload = (signal?: AbortSignal) => {
    vi.stubGlobal("XMLHttpRequest", FakeXhr);
    const onProgress = vi.fn();
    const transport = httpTransport(BASE);
    const request = transport.request({
      method: "POST",
      path: ["uploads"],
      headers: { "Content-Type": "application/octet-stream" },
      body: "12345",
      signal,
      onProgress,
    });
    const xhr = FakeXhr.last;
    if (!xhr) throw new Error("Nothing was sent.");
    return { request, xhr, onProgress, transport };
  };

  it("says how much has been sent", async () => {
    const { request, xhr, onProgress, transport } = upload();
    xhr.upload.onprogress?.({ loaded: 2 });
    xhr.response = new TextEncoder().encode("[]").buffer;
    xhr.onload?.();
    const answer = await request;
    expect(onProgress).toHaveBeenCalledExactlyOnceWith(2);
    expect(xhr.opened).toEqual(["POST", `${BASE}uploads`]);
    expect(xhr.headers).toEqual({ "Content-Type": "application/octet-stream" });
    expect((await answer.bytes()).byteLength).toBe(2);
    expect(transport.traffic()).toEqual({ bytes: 2, requests: 1 });
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    const { request } = upload(controller.signal);
    controller.abort();
    await expect(request).rejects.toBe(controller.signal.reason);
  });

  it("says that the server is gone", async () => {
    const { request, xhr } = upload();
    xhr.onerror?.();
    await expect(request).rejects.toMatchObject({ kind: "unreachable" });
  });
});

/** What the transport uses of an EventSource. */
class FakeEventSource {
  static last: FakeEventSource | null = null;
  onopen?: () => void;
  onerror?: () => void;
  isClosed = false;
  readonly listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly url: string) {
    FakeEventSource.last = this;
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners.set(name, listener);
  }
  close() {
    this.isClosed = true;
  }
}

describe("a stream of events", () => {
  const open = () => {
    vi.stubGlobal("EventSource", FakeEventSource);
    const listener = { onOpen: vi.fn(), onEvent: vi.fn(), onBreak: vi.fn() };
    const close = httpTransport(BASE).events(["events"], ["log", "selection"], listener);
    const source = FakeEventSource.last;
    if (!source) throw new Error("No stream was opened.");
    return { listener, close, source };
  };

  it("passes events on with their names", () => {
    const { listener, source } = open();
    expect(source.url).toBe(`${BASE}events`);
    source.onopen?.();
    source.listeners.get("selection")?.({ data: "{}" });
    expect(listener.onOpen).toHaveBeenCalledOnce();
    expect(listener.onEvent).toHaveBeenCalledExactlyOnceWith("selection", "{}");
  });

  it("is over when it breaks: the browser does not try again by itself", () => {
    const { listener, source } = open();
    source.onerror?.();
    expect(source.isClosed).toBe(true);
    expect(listener.onBreak).toHaveBeenCalledOnce();
  });

  it("is closed on demand", () => {
    const { close, source, listener } = open();
    close();
    expect(source.isClosed).toBe(true);
    expect(listener.onBreak).not.toHaveBeenCalled();
  });
});
