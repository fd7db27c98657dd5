/** What the views of a page share on the GPU: programs are compiled once, arrays uploaded once. */
import { Buffer, type GL, Program, type UniformKinds, type UploadMeter } from "./gl";

/** What an array is known by: the array itself, or a name for one that is made when it is needed. */
type ArrayKey = ArrayBufferView | string;

interface Held {
  readonly buffer: Buffer;
  nHolders: number;
}

/** Of one context; after a lost one there is another. */
export class Shared {
  private readonly programs = new Map<string, Program<UniformKinds>>();
  private readonly arrays = new Map<ArrayKey, Held>();

  constructor(readonly gl: GL) {}

  /** The program of these sources. It belongs to all who use it, so that nobody disposes of it. */
  program<K extends UniformKinds>(vertexSource: string, fragmentSource: string, kinds: K) {
    const sources = `${vertexSource}\0${fragmentSource}`;
    const known = this.programs.get(sources);
    // The same sources have the same uniforms.
    if (known) return known as Program<UniformKinds> as Program<K>;
    const made = new Program(this.gl, vertexSource, fragmentSource, kinds);
    this.programs.set(sources, made as Program<UniformKinds>);
    return made;
  }

  /** The buffer of an array, which is uploaded by the first who holds it. */
  hold(key: ArrayKey, make: () => ArrayBufferView, target: number, meter: UploadMeter): Buffer {
    const known = this.arrays.get(key);
    if (known) {
      known.nHolders += 1;
      return known.buffer;
    }
    const buffer = new Buffer(this.gl, target, meter);
    buffer.upload(make(), this.gl.STATIC_DRAW);
    this.arrays.set(key, { buffer, nHolders: 1 });
    return buffer;
  }

  /** The last who lets go of an array frees it. */
  release(key: ArrayKey): void {
    const held = this.arrays.get(key);
    if (held === undefined) return;
    held.nHolders -= 1;
    if (held.nHolders > 0) return;
    held.buffer.dispose();
    this.arrays.delete(key);
  }

  dispose(): void {
    for (const program of this.programs.values()) program.dispose();
    for (const { buffer } of this.arrays.values()) buffer.dispose();
    this.programs.clear();
    this.arrays.clear();
  }
}

/** One view's hold on an array that others may draw, too. An array must not change while it is held. */
export class SharedArray {
  private key: ArrayKey | null = null;
  private buffer: Buffer | null = null;

  constructor(
    private readonly shared: Shared,
    private readonly target: number,
    private readonly meter: UploadMeter,
  ) {}

  /** Hold this array, and bind it; whatever was held before is let go. */
  take(array: ArrayBufferView): void {
    this.takeMade(array, () => array);
  }

  /** The same with an array that is made where nobody holds it. */
  takeMade(key: ArrayKey, make: () => ArrayBufferView): void {
    const { shared, key: before } = this;
    const buffer = shared.hold(key, make, this.target, this.meter);
    if (before !== null) shared.release(before);
    this.key = key;
    this.buffer = buffer;
    buffer.bind();
  }

  bind(): void {
    this.buffer?.bind();
  }

  dispose(): void {
    if (this.key !== null) this.shared.release(this.key);
    this.key = null;
    this.buffer = null;
  }
}
