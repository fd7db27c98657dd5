/** The kernel's end of a channel, for tests: takes bodies in pieces, and keeps to its credit. */
import {
  type Channel,
  type KernelMessage,
  type PageMessage,
  PIECES_AHEAD,
} from "../../src/api/channel";

export interface OpenedRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly size: number;
  /** Pieces of the body that have come. */
  readonly pieces: ArrayBuffer[];
  isAborted: boolean;
}

type Listener = (message: KernelMessage, body: ArrayBuffer) => void;

const NOTHING = new ArrayBuffer(0);

export class FakeKernel implements Channel {
  readonly opened: OpenedRequest[] = [];
  readonly posted: PageMessage[] = [];
  /** Sizes of all buffers, in both directions. */
  readonly sizes: number[] = [];
  /** Whether requests are taken, and pieces of bodies asked for. */
  isFree = true;
  onOpened: (request: OpenedRequest) => void = () => undefined;
  private readonly listeners = new Set<Listener>();
  private readonly credit = new Map<number, number>();
  private readonly waiting = new Map<number, (() => void)[]>();

  post(message: PageMessage, body?: ArrayBuffer): void {
    this.posted.push(message);
    if (body) this.sizes.push(body.byteLength);
    if (message.kind === "open") {
      const request = { ...message, pieces: [], isAborted: false };
      this.opened.push(request);
      this.credit.set(message.id, PIECES_AHEAD);
      if (this.isFree) this.take(request);
      return;
    }
    const request = this.opened.find(({ id }) => id === message.id);
    if (!request)
      throw new Error(`The page speaks of request ${message.id}, which was not opened.`);
    if (message.kind === "abort") request.isAborted = true;
    else if (message.kind === "more") {
      this.credit.set(message.id, (this.credit.get(message.id) ?? 0) + 1);
      this.flush(message.id);
    } else if (body) {
      request.pieces.push(body);
      if (this.isFree) this.say({ kind: "ready", id: message.id });
    }
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  take(request: OpenedRequest): void {
    this.say({ kind: "taken", id: request.id });
    this.onOpened(request);
  }

  say(message: KernelMessage, body = NOTHING): void {
    if (body.byteLength > 0) this.sizes.push(body.byteLength);
    queueMicrotask(() => {
      for (const listener of [...this.listeners]) listener(message, body);
    });
  }

  head(id: number, status = 200, headers: Readonly<Record<string, string>> = {}, reason = "OK") {
    this.say({ kind: "head", id, status, reason, headers });
  }

  /** Sends a piece as soon as there is credit for it. */
  chunk(id: number, piece: ArrayBuffer): void {
    this.queue(id, () => {
      this.credit.set(id, (this.credit.get(id) ?? 0) - 1);
      this.say({ kind: "chunk", id }, piece);
    });
  }

  end(id: number): void {
    this.queue(id, () => this.say({ kind: "end", id }));
  }

  /** Pieces that could not be sent yet. */
  nWaiting(id: number): number {
    return this.waiting.get(id)?.length ?? 0;
  }

  private queue(id: number, send: () => void): void {
    this.waiting.set(id, [...(this.waiting.get(id) ?? []), send]);
    this.flush(id);
  }

  private flush(id: number): void {
    const waiting = this.waiting.get(id) ?? [];
    while (waiting.length > 0 && (this.credit.get(id) ?? 0) > 0) waiting.shift()?.();
  }
}
