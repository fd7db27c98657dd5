/** Reads the stream of positions of a projection that is being computed. */
import type { Positions } from "../model/projection/projection";
import { ApiError } from "./errors";

export const HEADER_BYTES = 16;
const FLAG_LAST = 1;
const FLAG_EMPTY = 2;
const FLAG_SAME = 4;
/** A length beyond this is no frame but a stream out of step. */
const MAX_PAYLOAD_BYTES = 2 ** 31;

export interface Frame {
  /** null for a keep-alive frame, or an end without a result. */
  readonly positions: Positions | null;
  /** `done` of the current phase. */
  readonly done: number;
  /** Share of the phase that is done, 0 to 1. */
  readonly share: number;
  readonly isLast: boolean;
}

/** A frame of one of several projections. */
export interface PartFrame {
  /** Which one, in the order that they were asked for. */
  readonly part: number;
  readonly frame: Frame;
}

/** Cuts a stream of chunks, wherever they begin and end, into frames. */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  for await (const { frame } of cut(stream, 0)) {
    yield frame;
    if (frame.isLast) return;
  }
}

/** The same of a stream that has frames of several projections. */
export function readPartFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<PartFrame> {
  return cut(stream, Uint32Array.BYTES_PER_ELEMENT);
}

/** @param numberBytes What stands before the header of each frame: its part, or nothing. */
async function* cut(
  stream: ReadableStream<Uint8Array>,
  numberBytes: number,
): AsyncGenerator<PartFrame> {
  const reader = stream.getReader();
  const before = new Uint8Array(numberBytes + HEADER_BYTES);
  const header = before.subarray(numberBytes);
  let headerFilled = 0;
  let payload: Uint8Array<ArrayBuffer> | null = null;
  let payloadFilled = 0;
  const shown = new Map<number, Positions | null>();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      let at = 0;
      while (at < value.byteLength) {
        if (!payload) {
          const n = Math.min(before.byteLength - headerFilled, value.byteLength - at);
          before.set(value.subarray(at, at + n), headerFilled);
          headerFilled += n;
          at += n;
          if (headerFilled < before.byteLength) continue;
          payload = new Uint8Array(payloadLength(header));
          payloadFilled = 0;
        }
        const n = Math.min(payload.byteLength - payloadFilled, value.byteLength - at);
        payload.set(value.subarray(at, at + n), payloadFilled);
        payloadFilled += n;
        at += n;
        if (payloadFilled < payload.byteLength) continue;
        const part = numberBytes > 0 ? new DataView(before.buffer).getUint32(0, true) : 0;
        const frame: Frame = toFrame(header, payload, shown.get(part) ?? null);
        shown.set(part, frame.positions ?? shown.get(part) ?? null);
        payload = null;
        headerFilled = 0;
        yield { part, frame };
      }
    }
    if (headerFilled > 0)
      throw new ApiError("unreachable", "The connection was lost in the middle of a frame.");
  } finally {
    // Also when the reader of the frames stops early: the connection must not stay open.
    await reader.cancel().catch(() => undefined);
  }
}

function payloadLength(header: Uint8Array): number {
  const length = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
  if (length > MAX_PAYLOAD_BYTES) {
    throw new ApiError(
      "malformed",
      `The server announced a frame of ${length} bytes, which is too large.`,
    );
  }
  return length;
}

function toFrame(
  header: Uint8Array,
  payload: Uint8Array<ArrayBuffer>,
  shown: Positions | null,
): Frame {
  const view = new DataView(header.buffer, header.byteOffset);
  const type = view.getUint8(12);
  const dims = view.getUint8(13);
  const flags = view.getUint16(14, true);
  const isEmpty = (flags & FLAG_EMPTY) !== 0 || payload.byteLength === 0;
  if (!isEmpty && (type !== 1 || (dims !== 2 && dims !== 3))) {
    throw new ApiError(
      "malformed",
      `The server sent a frame of unknown type ${type} with ${dims} components.`,
    );
  }
  const sent: Positions | null =
    isEmpty || (dims !== 2 && dims !== 3)
      ? null
      : { values: new Float32Array(payload.buffer), dims };
  return {
    positions: (flags & FLAG_SAME) !== 0 ? shown : sent,
    done: view.getUint32(4, true),
    share: view.getFloat32(8, true),
    isLast: (flags & FLAG_LAST) !== 0,
  };
}
