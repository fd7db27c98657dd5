/** One request over messages: its body on the way out, its answer on the way in. */
import { UNREACHABLE } from "../model/text/messages";
import { type Channel, type KernelMessage, PIECE_BYTES, PIECES_AHEAD } from "./channel";
import { ApiError } from "./errors";
import { PieceQueue } from "./piece-queue";
import type { TransportRequest, TransportResponse } from "./transport";

const CUT_OFF = "The answer was cut off: the kernel gave up sending it.";

export interface CallEvents {
  count(bytes: number): void;
  /** The kernel owes nothing more, and is owed nothing. */
  over(): void;
}

export class MessageCall {
  readonly answer: Promise<TransportResponse>;
  private readonly pieces = new PieceQueue();
  private settle: (response: TransportResponse) => void = () => undefined;
  private refuse: (reason: unknown) => void = () => undefined;
  /** Pieces of the body that the kernel is ready for. */
  private credit = PIECES_AHEAD;
  private whenReady: () => void = () => undefined;
  private isOver = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly channel: Channel,
    readonly id: number,
    private readonly events: CallEvents,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.refuse = reject;
    });
  }

  open(path: string, { method = "GET", headers = {}, body, signal, onProgress }: TransportRequest) {
    const blob = body === undefined ? null : new Blob([body]);
    if (signal) {
      const onAbort = () => this.giveUp(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      this.stopListening = () => signal.removeEventListener("abort", onAbort);
    }
    const size = blob?.size ?? 0;
    this.channel.post({ kind: "open", id: this.id, method, path, headers, size });
    if (blob && size > 0) this.send(blob, onProgress).catch((reason) => this.giveUp(reason));
  }

  hear(message: KernelMessage, body: ArrayBuffer): void {
    if (message.kind === "ready") {
      this.credit += 1;
      this.whenReady();
    } else if (message.kind === "head") this.settle(this.responseOf(message));
    else if (message.kind === "chunk") this.pieces.push(body);
    else if (message.kind === "end") {
      this.pieces.end();
      this.finish();
    } else if (message.kind === "broken") this.fail(new ApiError("unreachable", CUT_OFF));
    else if (message.kind === "over") this.fail(new ApiError("unreachable", UNREACHABLE));
  }

  /** The page does not want it any more. */
  private giveUp(reason: unknown): void {
    if (this.isOver) {
      // The kernel has sent all of it; the reader has not read it yet.
      this.pieces.fail(reason);
      return;
    }
    this.channel.post({ kind: "abort", id: this.id });
    this.fail(reason);
  }

  private fail(reason: unknown): void {
    this.refuse(reason);
    this.pieces.fail(reason);
    this.finish();
  }

  private finish(): void {
    this.isOver = true;
    this.whenReady();
    this.events.over();
  }

  /** An answer that comes before the body has arrived is a refusal: the rest is not sent. */
  private async send(body: Blob, onProgress?: (sentBytes: number) => void): Promise<void> {
    for (let at = 0; at < body.size; at += PIECE_BYTES) {
      // Read while those before it are on their way.
      const piece = await body.slice(at, at + PIECE_BYTES).arrayBuffer();
      while (this.credit === 0 && !this.isOver) await this.ready();
      if (this.isOver) return;
      this.credit -= 1;
      const sent = at + piece.byteLength;
      this.channel.post({ kind: "body", id: this.id }, piece);
      onProgress?.(sent);
    }
  }

  private ready(): Promise<void> {
    return new Promise((resolve) => {
      this.whenReady = resolve;
    });
  }

  private responseOf(head: KernelMessage & { readonly kind: "head" }): TransportResponse {
    const headers = new Map(
      Object.entries(head.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return {
      status: head.status,
      statusText: head.reason,
      header: (name) => headers.get(name.toLowerCase()) ?? null,
      bytes: async () => {
        const parts: ArrayBuffer[] = [];
        for (let part = await this.take(); part; part = await this.take()) parts.push(part);
        const [only] = parts;
        return only && parts.length === 1 ? only : new Blob(parts).arrayBuffer();
      },
      stream: () =>
        new ReadableStream<Uint8Array>(
          {
            pull: async (controller) => {
              const part = await this.take();
              if (part) controller.enqueue(new Uint8Array(part));
              else controller.close();
            },
            cancel: (reason) => this.giveUp(reason),
          },
          // Only what is read makes room for more.
          { highWaterMark: 0 },
        ),
    };
  }

  private async take(): Promise<ArrayBuffer | null> {
    const part = await this.pieces.next().catch((reason) => {
      this.stopListening();
      throw reason;
    });
    if (part) {
      this.events.count(part.byteLength);
      if (!this.isOver) this.channel.post({ kind: "more", id: this.id });
    } else this.stopListening();
    return part;
  }
}
