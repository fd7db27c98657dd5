/** What anywidget gives a widget's script, as far as ours uses it. */

export type Buffers = readonly (ArrayBuffer | ArrayBufferView)[] | undefined;

export interface AnyModel {
  get(name: string): unknown;
  send(content: unknown, callbacks?: unknown, buffers?: readonly ArrayBuffer[]): void;
  /** Each event has arguments of its own. */
  on(name: string, listener: (...event: never[]) => void): void;
  off(name: string, listener: (...event: never[]) => void): void;
}

/** The first buffer of a message, as bytes of their own; null where there is none. */
export function bytesOf(buffers: Buffers): ArrayBuffer | null {
  const [first] = buffers ?? [];
  if (first === undefined) return null;
  if (!ArrayBuffer.isView(first)) return first;
  // A view into the whole message, which also holds its envelope.
  const { buffer, byteOffset, byteLength } = first;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
