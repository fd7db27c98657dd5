/**
 * SHA-256 of a short text, at once: the browser's own answers later, and not on every page
 * (`crypto.subtle` needs a secure context). Source: FIPS 180-4.
 */

const encoder = new TextEncoder();
/** The primes up to the 64th: 32 bits of the fractions of their roots are the constants. */
const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n++) {
  if (PRIMES.every((prime) => n % prime !== 0)) PRIMES.push(n);
}
const ROUNDS = fractions(PRIMES, Math.cbrt);
const words = new Uint32Array(64);

function fractions(numbers: readonly number[], root: (n: number) => number): Uint32Array {
  return Uint32Array.from(numbers, (n) => (root(n) % 1) * 2 ** 32);
}

/** The hash in hexadecimal digits. */
export function sha256(text: string): string {
  const state = fractions(PRIMES.slice(0, 8), Math.sqrt);
  const blocks = padded(encoder.encode(text));
  for (let start = 0; start < blocks.byteLength; start += 64) addBlock(state, blocks, start);
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function padded(bytes: Uint8Array): DataView {
  const view = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) << 6) + 64));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(view.byteLength - 4, bytes.length * 8);
  return view;
}

function addBlock(state: Uint32Array, block: DataView, start: number): void {
  for (let t = 0; t < 16; t++) words[t] = block.getUint32(start + 4 * t);
  for (let t = 16; t < 64; t++) {
    const a = words[t - 15] ?? 0;
    const b = words[t - 2] ?? 0;
    const small = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
    const large = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
    words[t] = (words[t - 16] ?? 0) + small + (words[t - 7] ?? 0) + large;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const mixed = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const one = (h + mixed + chosen + (ROUNDS[t] ?? 0) + (words[t] ?? 0)) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const two = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + most) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => {
    state[at] = (state[at] ?? 0) + value;
  });
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
