/** What every transport holds: both go through the same cases. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { httpTransport } from "../../src/api/http-transport";
import { messageTransport } from "../../src/api/message-transport";
import type { Transport } from "../../src/api/transport";
import { FakeKernel } from "../fakes/fake-kernel";
import { StreamSource } from "../fakes/fake-transport";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Given {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The other side of a transport, as a test needs it. */
interface Harness {
  readonly transport: Transport;
  readonly asked: Asked[];
  /** What the next request is answered; without one there is no answer at all. */
  answer(given: Given): void;
  /** The next request is answered by a body that the test pushes, piece by piece. */
  stream(): { push(text: string): void; end(): void; isGivenUp(): boolean };
  /** The stream of events that the page has opened. */
  events(): Promise<{ open(): void; send(name: string, data: string): void; end(): void }>;
}

const text = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);
const encode = (content: string) => new TextEncoder().encode(content).buffer;

class FakeXhr {
  static handle: (asked: Asked) => Promise<Response> = () => Promise.reject(new Error("unset"));
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  statusText = "";
  response = new ArrayBuffer(0);
  responseType = "";
  #asked = { method: "", path: "", headers: {} as Record<string, string> };
  open(method: string, url: string) {
    this.#asked = { ...this.#asked, method, path: new URL(url).pathname };
  }
  setRequestHeader(name: string, value: string) {
    this.#asked.headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  send(body: string) {
    FakeXhr.handle({ ...this.#asked, body }).then(
      async (answer) => {
        this.upload.onprogress?.({ loaded: body.length });
        this.status = answer.status;
        this.response = await answer.arrayBuffer();
        this.onload?.();
      },
      () => this.onerror?.(),
    );
  }
  abort() {
    this.onabort?.();
  }
}

class FakeEventSource {
  static last: FakeEventSource | null = null;
  onopen?: () => void;
  onerror?: () => void;
  readonly listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly url: string) {
    FakeEventSource.last = this;
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners.set(name, listener);
  }
  close() {}
}

function overHttp(): Harness {
  const asked: Asked[] = [];
  const answers: Response[] = [];
  const handle = async (request: Asked): Promise<Response> => {
    asked.push(request);
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  };
  FakeXhr.handle = handle;
  vi.stubGlobal("XMLHttpRequest", FakeXhr);
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    const { pathname, search } = new URL(url);
    const body = await new Response(init.body ?? "").text();
    const headers = init.headers as Record<string, string>;
    return handle({ method: init.method ?? "GET", path: pathname + search, headers, body });
  });
  return {
    transport: httpTransport("http://localhost/api/v1/"),
    asked,
    answer: ({ status = 200, reason = "OK", headers = {}, body = "" }) =>
      answers.push(new Response(body, { status, statusText: reason, headers })),
    stream() {
      const source = new StreamSource();
      answers.push(new Response(source.stream));
      return {
        push: (piece) => source.push(encode(piece)),
        end: () => source.end(),
        isGivenUp: () => source.isCancelled,
      };
    },
    async events() {
      const source = FakeEventSource.last;
      if (!source) throw new Error("No stream was opened.");
      return {
        open: () => source.onopen?.(),
        send: (name, data) => source.listeners.get(name)?.({ data }),
        end: () => source.onerror?.(),
      };
    },
  };
}

function overMessages(): Harness {
  const kernel = new FakeKernel();
  const asked: Asked[] = [];
  const answers: ((id: number) => void)[] = [];
  kernel.onOpened = async (request) => {
    await vi.waitUntil(
      () => request.pieces.reduce((n, each) => n + each.byteLength, 0) === request.size,
    );
    const { method, path, headers } = request;
    asked.push({ method, path, headers, body: await new Blob(request.pieces).text() });
    const answer = answers.shift();
    if (answer) answer(request.id);
    else if (!path.endsWith("/events")) kernel.say({ kind: "broken", id: request.id });
  };
  const push = (id: number, body: string) => body && kernel.chunk(id, encode(body));
  return {
    transport: messageTransport(kernel, "/api/v1/"),
    asked,
    answer: ({ status = 200, reason = "OK", headers = {}, body = "" }) =>
      answers.push((id) => {
        kernel.head(id, status, headers, reason);
        push(id, body);
        kernel.end(id);
      }),
    stream() {
      let stream = 0;
      answers.push((id) => {
        stream = id;
        kernel.head(id);
      });
      return {
        push: (piece) => push(stream, piece),
        end: () => kernel.end(stream),
        isGivenUp: () => kernel.opened.some(({ id, isAborted }) => id === stream && isAborted),
      };
    },
    async events() {
      await vi.waitUntil(() => kernel.opened.length > 0);
      const id = kernel.opened.at(-1)?.id ?? 0;
      return {
        open() {
          kernel.head(id);
          push(id, ": open\n\n");
        },
        send: (name, data) => push(id, `event: ${name}\ndata: ${data}\n\n`),
        end: () => kernel.end(id),
      };
    },
  };
}

describe.each([
  ["HTTP", overHttp],
  ["messages", overMessages],
])("a transport over %s", (_, make) => {
  let harness: Harness;
  beforeEach(() => {
    harness = make();
  });
  afterEach(() => vi.unstubAllGlobals());

  it("sends method, path, query, headers and body as they are", async () => {
    harness.answer({});
    await harness.transport.request({
      method: "PUT",
      path: ["a/b", 7],
      query: { text: "ü&", no: undefined },
      headers: { "If-Match": '"6"' },
      body: "new",
    });
    expect(harness.asked).toEqual([
      {
        method: "PUT",
        path: "/api/v1/a%2Fb/7?text=%C3%BC%26",
        headers: { "If-Match": '"6"' },
        body: "new",
      },
    ]);
  });

  it("resolves for every answer, whatever its status", async () => {
    harness.answer({ status: 409, reason: "Conflict", headers: { ETag: '"7"' }, body: "no" });
    const answer = await harness.transport.request({ path: ["tags"] });
    expect([answer.status, answer.statusText, answer.header("etag")]).toEqual([
      409,
      "Conflict",
      '"7"',
    ]);
    expect(answer.header("none")).toBeNull();
    expect(text(await answer.bytes())).toBe("no");
  });

  it("gives an empty body where there is none", async () => {
    harness.answer({ status: 200 });
    const answer = await harness.transport.request({ path: ["log"] });
    expect((await answer.bytes()).byteLength).toBe(0);
  });

  it("says that there is no answer", async () => {
    const request = harness.transport.request({ path: ["log"] });
    await expect(request).rejects.toMatchObject({ name: "ApiError", kind: "unreachable" });
  });

  it("rejects with the reason of the signal that aborted it", async () => {
    const controller = new AbortController();
    controller.abort();
    const request = harness.transport.request({ path: ["log"], signal: controller.signal });
    await expect(request).rejects.toBe(controller.signal.reason);
  });

  it("gives a body in pieces as they come, and stops the other side when it is left", async () => {
    const source = harness.stream();
    const answer = await harness.transport.request({ path: ["frames"] });
    const reader = answer.stream().getReader();
    source.push("one");
    expect(text((await reader.read()).value?.buffer as ArrayBuffer)).toBe("one");
    source.push("two");
    expect(text((await reader.read()).value?.buffer as ArrayBuffer)).toBe("two");
    await reader.cancel();
    expect(source.isGivenUp()).toBe(true);
  });

  it("ends a stream where it ends", async () => {
    const source = harness.stream();
    const answer = await harness.transport.request({ path: ["frames"] });
    source.push("all");
    source.end();
    expect(await new Response(answer.stream()).text()).toBe("all");
  });

  it("counts what was read, for itself", async () => {
    harness.answer({ body: "äö" });
    await (await harness.transport.request({ path: ["a"] })).bytes();
    harness.answer({ body: "1234" });
    await new Response((await harness.transport.request({ path: ["b"] })).stream()).text();
    expect(harness.transport.traffic()).toEqual({ bytes: 8, requests: 2 });
    expect(make().transport.traffic()).toEqual({ bytes: 0, requests: 0 });
  });

  it("says how much of a body has been sent", async () => {
    harness.answer({ body: "[]" });
    const onProgress = vi.fn();
    const answer = await harness.transport.request({
      method: "POST",
      path: ["uploads"],
      body: "12345",
      onProgress,
    });
    expect(onProgress).toHaveBeenLastCalledWith(5);
    expect(text(await answer.bytes())).toBe("[]");
    expect(harness.asked).toMatchObject([{ method: "POST", body: "12345" }]);
  });

  it("passes events on with their names, and says when their stream ends", async () => {
    const listener = { onOpen: vi.fn(), onEvent: vi.fn(), onBreak: vi.fn() };
    harness.transport.events(["events"], ["log", "selection"], listener);
    const events = await harness.events();
    events.open();
    events.send("selection", '{"number":1}');
    events.send("unknown", "{}");
    await vi.waitUntil(() => listener.onEvent.mock.calls.length > 0);
    events.end();
    await vi.waitUntil(() => listener.onBreak.mock.calls.length > 0);
    expect(listener.onOpen).toHaveBeenCalledOnce();
    expect(listener.onEvent.mock.calls).toEqual([["selection", '{"number":1}']]);
    expect(listener.onBreak).toHaveBeenCalledOnce();
  });

  it("says nothing more of a stream of events that the page closed", async () => {
    const listener = { onOpen: vi.fn(), onEvent: vi.fn(), onBreak: vi.fn() };
    const close = harness.transport.events(["events"], ["log"], listener);
    const events = await harness.events();
    events.open();
    close();
    await new Promise((resolve) => setTimeout(resolve));
    expect(listener.onBreak).not.toHaveBeenCalled();
  });

  it("has an address for elements that load by themselves", async () => {
    harness.answer({ headers: { "Content-Type": "image/png" }, body: "png" });
    const url = await harness.transport.url(["points", 7, "image"]);
    expect(url).toMatch(/^(blob:|http:\/\/localhost\/api\/v1\/points\/7\/image$)/);
  });

  it("is free until it says otherwise", () => {
    const listener = vi.fn();
    harness.transport.onKernel(listener)();
    expect(listener).toHaveBeenCalledExactlyOnceWith("free");
  });
});
