/** A transport without a server: scripted answers, streams and events, for tests. */
import { ApiError } from "../../src/api/errors";
import {
  type EventStreamListener,
  type Path,
  pathText,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../../src/api/transport";
import { UNREACHABLE } from "../../src/model/text/messages";
import type { KernelState } from "../../src/model/view/kernel-state";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body in pieces; a source that a test feeds by hand, or all of it at once. */
  readonly body: ArrayBuffer | StreamSource;
  /** Time until it comes; pass it with vitest's fake timers. */
  readonly delay: number;
  /** Bytes of the request's body that are reported as sent, one after the other. */
  readonly progress: readonly number[];
  /** No answer comes at all. */
  readonly isUnreachable: boolean;
}

type Options = Partial<Pick<Answer, "status" | "headers" | "delay" | "progress">>;

const PLAIN: Answer = {
  status: 200,
  headers: {},
  body: new ArrayBuffer(0),
  delay: 0,
  progress: [],
  isUnreachable: false,
};

export function json(body: unknown, options: Options = {}): Answer {
  return text(JSON.stringify(body), options);
}

export function text(body: string, options: Options = {}): Answer {
  return bytes(new TextEncoder().encode(body).buffer, options);
}

export function bytes(body: ArrayBuffer, options: Options = {}): Answer {
  return { ...PLAIN, ...options, body };
}

/** A body that arrives as the test pushes it. */
export function streamed(source: StreamSource, options: Options = {}): Answer {
  return { ...PLAIN, ...options, body: source };
}

/** The server's own refusal, in the shape of docs/wire.md. */
export function refused(status: number, type: string, message: string, options: Options = {}) {
  return json({ error: { type, message } }, { ...options, status });
}

export function unreachable(options: Options = {}): Answer {
  return { ...PLAIN, ...options, isUnreachable: true };
}

/** A stream of bytes that a test pushes into, ends or breaks. */
export class StreamSource {
  isCancelled = false;
  readonly stream: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor() {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isCancelled = true;
      },
    });
  }

  push(piece: ArrayBuffer): void {
    this.#controller?.enqueue(new Uint8Array(piece));
  }

  end(): void {
    this.#controller?.close();
  }

  fail(reason: unknown): void {
    this.#controller?.error(reason);
  }
}

/** A request as it was made, with its path and query as text: "datasets/a/search?text=b". */
export interface SentRequest extends TransportRequest {
  readonly method: NonNullable<TransportRequest["method"]>;
  readonly text: string;
}

/** A stream of events, as the page sees it. */
interface OpenStream {
  readonly names: readonly string[];
  readonly listener: EventStreamListener;
}

export class FakeTransport implements Transport {
  /** All requests, oldest first. */
  readonly sent: SentRequest[] = [];
  readonly #answers = new Map<string, Answer[]>();
  #streams: OpenStream[] = [];
  #bytes = 0;
  #kernelListener: (state: KernelState) => void = () => undefined;
  /** How often the page has opened a stream of events. */
  nStreamsOpened = 0;

  /**
   * Answers requests for a path, without its query: "projections/ab". Several answers are given
   * one after the other; the last one stays. Said again, it replaces what was said before.
   */
  on(method: SentRequest["method"], path: string, ...answers: readonly Answer[]): this {
    this.#answers.set(`${method} ${path}`, [...answers]);
    return this;
  }

  /** The requests so far as "GET log", queries included. */
  get log(): readonly string[] {
    return this.sent.map(({ method, text }) => `${method} ${text}`);
  }

  get nOpenStreams(): number {
    return this.#streams.length;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const { method = "GET", path, query, signal, onProgress } = request;
    this.sent.push({ ...request, method, text: pathText(path, query) });
    const key = `${method} ${pathText(path)}`;
    const left = this.#answers.get(key) ?? [];
    const answer = left.length > 1 ? left.shift() : left[0];
    if (!answer) throw new Error(`The test has no answer to ${key}.`);
    signal?.throwIfAborted();
    for (const sentBytes of answer.progress) onProgress?.(sentBytes);
    if (answer.delay > 0) await wait(answer.delay, signal);
    if (answer.isUnreachable) throw new ApiError("unreachable", UNREACHABLE);
    if (answer.body instanceof StreamSource) breakOnAbort(answer.body, signal);
    return this.#toResponse(answer);
  }

  events(_: Path, names: readonly string[], listener: EventStreamListener): () => void {
    const stream = { names, listener };
    this.#streams.push(stream);
    this.nStreamsOpened += 1;
    return () => this.#forget(stream);
  }

  /** Opens the streams that the page waits for. */
  openEvents(): void {
    for (const { listener } of [...this.#streams]) listener.onOpen();
  }

  /** Sends an event to those who listen for its name. */
  emit(name: string, data: unknown): void {
    const line = typeof data === "string" ? data : JSON.stringify(data);
    for (const { names, listener } of [...this.#streams]) {
      if (names.includes(name)) listener.onEvent(name, line);
    }
  }

  breakEvents(): void {
    for (const stream of [...this.#streams]) {
      this.#forget(stream);
      stream.listener.onBreak();
    }
  }

  url(path: Path, query = {}): Promise<string> {
    return Promise.resolve(`fake:${pathText(path, query)}`);
  }

  traffic() {
    return { bytes: this.#bytes, requests: this.sent.length };
  }

  onKernel(listener: (state: KernelState) => void): () => void {
    this.#kernelListener = listener;
    listener("free");
    return () => undefined;
  }

  /** Says whether requests are taken. */
  kernel(state: KernelState): void {
    this.#kernelListener(state);
  }

  #forget(stream: OpenStream): void {
    this.#streams = this.#streams.filter((each) => each !== stream);
  }

  #toResponse({ status, headers, body }: Answer): TransportResponse {
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const values = new Map(lower as [string, string][]);
    return {
      status,
      statusText: "",
      header: (name) => values.get(name.toLowerCase()) ?? null,
      bytes: async () => {
        if (body instanceof StreamSource) return new Response(body.stream).arrayBuffer();
        this.#bytes += body.byteLength;
        return body.slice(0);
      },
      stream: () =>
        body instanceof StreamSource ? body.stream : (new Response(body).body ?? emptyStream()),
    };
  }
}

function emptyStream(): ReadableStream<Uint8Array> {
  return new Blob([]).stream();
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** As `fetch` does: aborting the request breaks the body that is still coming. */
function breakOnAbort(source: StreamSource, signal: AbortSignal | undefined): void {
  signal?.addEventListener("abort", () => source.fail(signal.reason), { once: true });
}
