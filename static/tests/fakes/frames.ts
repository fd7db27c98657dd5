/** Frames of a projection as the server streams them (docs/wire.md), for tests. */

interface FrameOptions {
  readonly done?: number;
  readonly share?: number;
  readonly isLast?: boolean;
}

/** A frame of positions, `dims` numbers a point; without numbers it is an empty one. */
export function frameBytes(
  values: readonly number[],
  dims: 2 | 3,
  { done = 0, share = 0, isLast = false }: FrameOptions = {},
): ArrayBuffer {
  const body = new ArrayBuffer(16 + values.length * 4);
  const header = new DataView(body);
  header.setUint32(0, values.length * 4, true);
  header.setUint32(4, done, true);
  header.setFloat32(8, share, true);
  header.setUint8(12, 1);
  header.setUint8(13, dims);
  header.setUint16(14, (isLast ? 1 : 0) | (values.length === 0 ? 2 : 0), true);
  new Float32Array(body, 16).set(values);
  return body;
}

/** The same frame in a stream of several projections, of which it is the nth one's. */
export function ofPart(part: number, frame: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(4 + frame.byteLength);
  new DataView(bytes.buffer).setUint32(0, part, true);
  bytes.set(new Uint8Array(frame), 4);
  return bytes.buffer;
}
