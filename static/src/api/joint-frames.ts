/**
 * Follows the frames of all running projections over one connection: a browser has only six to a
 * server, and a page may have more views than that.
 */
import type { Dims } from "../model/projection/projection";
import { type Frame, type PartFrame, readFrames, readPartFrames } from "./frames";
import { send } from "./requests";
import type { Transport } from "./transport";

/** Whoever follows a projection; a slow one gets the newest frame, as the server would give it. */
class Follower {
  private frame: Frame | null = null;
  private failure: { readonly reason: unknown } | null = null;
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(
    readonly id: string,
    readonly dims: Dims,
  ) {}

  give(frame: Frame): void {
    // Word that the connection lives says nothing to somebody who has something to read.
    if (this.frame === null || frame.positions !== null || frame.isLast) this.frame = frame;
    this.wake();
  }

  /** Nothing comes any more. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  fail(reason: unknown): void {
    this.failure = { reason };
    this.wake();
  }

  /** The next frame; null when none comes any more. */
  async next(): Promise<Frame | null> {
    for (;;) {
      if (this.failure) throw this.failure.reason;
      const { frame } = this;
      this.frame = null;
      if (frame !== null || this.isOver) return frame;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** Views that follow the same projection get the same frames. */
type Part = readonly [Follower, ...Follower[]];

function partsOf(followers: Iterable<Follower>): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const each of followers) {
    const key = `${each.id} ${each.dims}`;
    const known = parts.get(key);
    parts.set(key, known ? [...known, each] : [each]);
  }
  return [...parts.values()];
}

export class JointFrames {
  private readonly followers = new Set<Follower>();
  private reading = new AbortController();
  private isDue = false;

  constructor(private readonly transport: Transport) {}

  /** Frames of a projection while it runs; aborting the signal ends them. */
  async *follow(id: string, dims: Dims, signal: AbortSignal): AsyncGenerator<Frame> {
    signal.throwIfAborted();
    const follower = new Follower(id, dims);
    const abort = () => follower.fail(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    this.followers.add(follower);
    this.change();
    try {
      for (let frame = await follower.next(); frame; frame = await follower.next()) {
        yield frame;
        if (frame.isLast) return;
      }
    } finally {
      signal.removeEventListener("abort", abort);
      if (this.followers.delete(follower)) this.change();
    }
  }

  /** Others are followed: the stream is asked for anew, once for all that change together. */
  private change(): void {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.isDue = false;
      this.open();
    });
  }

  private open(): void {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const parts = partsOf(this.followers);
    if (parts.length === 0) return;
    this.read(parts, signal).catch((error: unknown) => {
      // Whoever asked anew hears of the new stream.
      if (!signal.aborted) this.leave(parts, (each) => each.fail(error));
    });
  }

  private async read(parts: readonly Part[], signal: AbortSignal): Promise<void> {
    for await (const { part, frame } of this.frames(parts, signal)) {
      if (signal.aborted) return;
      for (const follower of parts[part] ?? []) {
        // It is over, and not because its reader left.
        if (frame.isLast) this.followers.delete(follower);
        follower.give(frame);
      }
    }
    if (!signal.aborted) this.leave(parts, (each) => each.end());
  }

  private leave(parts: readonly Part[], tell: (follower: Follower) => void): void {
    for (const each of parts.flat()) {
      this.followers.delete(each);
      tell(each);
    }
  }

  private async *frames(parts: readonly Part[], signal: AbortSignal): AsyncGenerator<PartFrame> {
    const all = parts.map(([first]) => first);
    // Proxies of notebooks pass on piece by piece only what was asked for as an event stream.
    const headers = { Accept: "text/event-stream" };
    const ask = (path: readonly string[], query: Readonly<Record<string, string | number>>) =>
      send(this.transport, { path, query, headers, signal });
    const [first] = all;
    if (first && all.length === 1) {
      const path = ["projections", first.id, "frames"];
      const answer = await ask(path, { dims: first.dims });
      for await (const frame of readFrames(answer.stream())) yield { part: 0, frame };
      return;
    }
    const query = {
      ids: all.map(({ id }) => id).join(),
      dims: all.map(({ dims }) => dims).join(),
    };
    yield* readPartFrames((await ask(["projections", "frames"], query)).stream());
  }
}
