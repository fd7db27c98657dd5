/** Packed text: many texts in two arrays, decoded one at a time. A million strings would cost a second. */

export interface PackedText {
  readonly length: number;
  /** length + 1 byte offsets into `bytes`. */
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder();

/** Text `index`; empty where it is missing or out of range. */
export function textAt(packed: PackedText, index: number): string {
  const start = packed.offsets[index];
  const end = packed.offsets[index + 1];
  if (start === undefined || end === undefined) return "";
  return decoder.decode(packed.bytes.subarray(start, end));
}
