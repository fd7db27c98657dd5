/** A point cloud on the GPU: two position buffers, a color code and a flag byte a point. */
import { Buffer, createTexture, type GL } from "./gl";
import type { Scene } from "./scene";
import type { Layer } from "./transition";

/** Attribute locations of shaders/point.glsl. */
const ATTRIBUTE = { from: 0, to: 1, code: 2, flags: 3 } as const;

/** The palette is folded into rows of this length: 4096 entries fit every GPU's texture limit. */
const PALETTE_WIDTH = 256;

interface Slot {
  readonly buffer: Buffer;
  layer: Layer | null;
}

export class PointBuffers {
  private readonly array: WebGLVertexArrayObject;
  private readonly slots: readonly [Slot, Slot];
  private readonly codes: Buffer;
  private readonly flags: Buffer;
  private readonly emphasized: Buffer;
  private readonly palette: WebGLTexture;
  private uploaded = { coloring: -1, flags: -1 };

  constructor(private readonly gl: GL) {
    this.array = gl.createVertexArray();
    this.slots = [
      { buffer: new Buffer(gl, gl.ARRAY_BUFFER), layer: null },
      { buffer: new Buffer(gl, gl.ARRAY_BUFFER), layer: null },
    ];
    this.codes = new Buffer(gl, gl.ARRAY_BUFFER);
    this.flags = new Buffer(gl, gl.ARRAY_BUFFER);
    this.emphasized = new Buffer(gl, gl.ELEMENT_ARRAY_BUFFER);
    this.palette = createTexture(gl, gl.NEAREST);
  }

  /** Upload what changed since the last time, and nothing else; leaves the buffers bound. */
  sync(scene: Scene): void {
    const { gl } = this;
    gl.bindVertexArray(this.array);
    this.syncPositions(scene);
    if (this.uploaded.coloring !== scene.revision.coloring) {
      this.uploaded.coloring = scene.revision.coloring;
      this.codes.upload(scene.coloring.codes, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(ATTRIBUTE.code);
      gl.vertexAttribIPointer(ATTRIBUTE.code, 1, gl.UNSIGNED_SHORT, 0, 0);
      this.uploadPalette(scene.coloring.palette);
    }
    if (this.uploaded.flags !== scene.revision.flags) {
      this.uploaded.flags = scene.revision.flags;
      this.flags.upload(scene.flags, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(ATTRIBUTE.flags);
      gl.vertexAttribIPointer(ATTRIBUTE.flags, 1, gl.UNSIGNED_BYTE, 0, 0);
      this.emphasized.upload(scene.emphasized, gl.DYNAMIC_DRAW);
    }
  }

  bindPalette(unit: number): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, this.palette);
  }

  dispose(): void {
    const { gl } = this;
    gl.deleteVertexArray(this.array);
    gl.deleteTexture(this.palette);
    for (const slot of this.slots) slot.buffer.dispose();
    for (const buffer of [this.codes, this.flags, this.emphasized]) buffer.dispose();
  }

  private syncPositions(scene: Scene): void {
    const { from, to } = scene.transition;
    const toSlot = this.slotOf(to, from);
    // At rest both attributes read the same buffer: the shader then ignores the first.
    const fromSlot = from === null ? toSlot : this.slotOf(from, to);
    this.point(ATTRIBUTE.to, toSlot, to.dims);
    this.point(ATTRIBUTE.from, fromSlot, from?.dims ?? to.dims);
  }

  /** The slot that holds `layer`, uploaded if need be to the one that does not hold `other`. */
  private slotOf(layer: Layer, other: Layer | null): Slot {
    const [first, second] = this.slots;
    if (first.layer === layer) return first;
    if (second.layer === layer) return second;
    const slot = first.layer !== null && first.layer === other ? second : first;
    slot.buffer.upload(layer.values, this.gl.DYNAMIC_DRAW);
    slot.layer = layer;
    return slot;
  }

  private point(attribute: number, slot: Slot, dims: 2 | 3): void {
    slot.buffer.bind();
    this.gl.enableVertexAttribArray(attribute);
    // Two components leave z at 0: flat positions need no padding.
    this.gl.vertexAttribPointer(attribute, dims, this.gl.FLOAT, false, 0, 0);
  }

  private uploadPalette(palette: Uint8Array): void {
    const { gl } = this;
    const height = Math.max(1, Math.ceil(palette.length / 4 / PALETTE_WIDTH));
    const texels = new Uint8Array(height * PALETTE_WIDTH * 4);
    texels.set(palette.subarray(0, texels.length));
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      gl.RGBA8,
      PALETTE_WIDTH,
      height,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      texels,
    );
  }
}
