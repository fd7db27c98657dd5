/** The transport over messages: for a page in a notebook, whose server is in the kernel. */
import { UNREACHABLE } from "../model/text/messages";
import type { KernelState } from "../model/view/kernel-state";
import type { Channel } from "./channel";
import { ApiError, isAbort } from "./errors";
import { readEvents } from "./event-stream";
import { MessageCall } from "./message-call";
import {
  type EventStreamListener,
  type Path,
  pathText,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./transport";

/** A request that was not taken for so long says that the kernel is busy. */
export const BUSY_MILLISECONDS = 1000;

/** @param base The path of the server's API, with a slash at both ends. */
export function messageTransport(channel: Channel, base: string): Transport {
  const calls = new Map<number, MessageCall>();
  const kernel = new Kernel();
  let bytes = 0;
  let requests = 0;
  let isOver = false;

  channel.listen((message, body) => {
    if (message.kind === "over") {
      isOver = true;
      for (const call of [...calls.values()]) call.hear(message, body);
      kernel.over();
      return;
    }
    kernel.heard(message.id);
    calls.get(message.id)?.hear(message, body);
  });

  const request = async (asked: TransportRequest): Promise<TransportResponse> => {
    requests += 1;
    asked.signal?.throwIfAborted();
    if (isOver) throw new ApiError("unreachable", UNREACHABLE);
    const id = requests;
    const call = new MessageCall(channel, id, {
      count(received) {
        bytes += received;
      },
      over() {
        calls.delete(id);
        kernel.forget(id);
      },
    });
    calls.set(id, call);
    kernel.asked(id);
    call.open(base + pathText(asked.path, asked.query), asked);
    return call.answer;
  };

  return {
    request,
    events: (path, names, listener) => listen(request, path, new Set(names), listener),
    async url(path, query = {}) {
      const answer = await request({ path, query });
      // The element that gets it shows nothing of a refusal, as it would of one over HTTP.
      const content = answer.status < 300 ? [await answer.bytes()] : [];
      const type = answer.header("Content-Type") ?? "application/octet-stream";
      return URL.createObjectURL(new Blob(content, { type }));
    },
    traffic: () => ({ bytes, requests }),
    onKernel: (listener) => kernel.listen(listener),
  };
}

function listen(
  request: Transport["request"],
  path: Path,
  names: ReadonlySet<string>,
  listener: EventStreamListener,
): () => void {
  const closing = new AbortController();
  const run = async () => {
    const headers = { Accept: "text/event-stream" };
    const answer = await request({ path, headers, signal: closing.signal });
    if (answer.status === 200) {
      listener.onOpen();
      await readEvents(answer, names, listener);
    }
  };
  run()
    .catch((error) => {
      if (!(error instanceof ApiError || isAbort(error))) throw error;
    })
    .finally(() => {
      if (!closing.signal.aborted) listener.onBreak();
    });
  return () => closing.abort();
}

/** Knows of requests that wait, and tells whether the kernel takes them. */
class Kernel {
  private readonly waiting = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<(state: KernelState) => void>();
  private now: KernelState = "free";

  asked(id: number): void {
    this.waiting.set(
      id,
      setTimeout(() => this.change("busy"), BUSY_MILLISECONDS),
    );
  }

  /** Whoever gave a request up waits no more; the kernel may be as busy as before. */
  forget(id: number): void {
    clearTimeout(this.waiting.get(id));
    this.waiting.delete(id);
  }

  heard(id: number): void {
    this.forget(id);
    // The kernel takes messages in order: what came after this one waits for the next call.
    if (this.now === "busy") this.change("free");
  }

  over(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.change("over");
  }

  listen(listener: (state: KernelState) => void): () => void {
    this.listeners.add(listener);
    listener(this.now);
    return () => this.listeners.delete(listener);
  }

  private change(state: KernelState): void {
    if (this.now === state || this.now === "over") return;
    this.now = state;
    for (const listener of this.listeners) listener(state);
  }
}
