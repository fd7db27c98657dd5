/** The point cloud on the GPU: two position buffers; a color code, a flag and weights per point. */
import { drawOrder } from "../scene/draw-order";
import type { FlagCounts, Scene } from "../scene/scene";
import type { Layer } from "../scene/transition";
import { STANDARD_OPACITY, STANDARD_SIZE } from "../scene/weights";
import { Buffer, createTexture, type GL, type UploadMeter } from "./gl";

/** Attribute locations of shaders/point.glsl. */
const ATTRIBUTE = { from: 0, to: 1, code: 2, flags: 3, size: 4, opacity: 5 } as const;

/** The palette is folded into rows of this length: 4096 entries fit every GPU's texture limit. */
const PALETTE_WIDTH = 256;

interface Slot {
  readonly buffer: Buffer;
  layer: Layer | null;
}

/** Some points of the draw order, in which the first ones are an even sample. */
export interface PointPart {
  readonly first: number;
  readonly count: number;
  /** As many as the picture will have. */
  readonly total: number;
}

export class PointBuffers {
  private readonly array: WebGLVertexArrayObject;
  private readonly slots: readonly [Slot, Slot];
  private readonly codes: Buffer;
  private readonly flags: Buffer;
  private readonly sizes: Buffer;
  private readonly opacities: Buffer;
  private readonly emphasized: Buffer;
  private readonly order: Buffer;
  private readonly subset: Buffer;
  private readonly palette: WebGLTexture;
  private uploaded = { coloring: -1, flags: -1, order: -1, weights: -1 };

  constructor(
    private readonly gl: GL,
    meter: UploadMeter,
  ) {
    const attributes = () => new Buffer(gl, gl.ARRAY_BUFFER, meter);
    const indices = () => new Buffer(gl, gl.ELEMENT_ARRAY_BUFFER, meter);
    this.array = gl.createVertexArray();
    this.slots = [
      { buffer: attributes(), layer: null },
      { buffer: attributes(), layer: null },
    ];
    this.codes = attributes();
    this.flags = attributes();
    this.sizes = attributes();
    this.opacities = attributes();
    this.emphasized = indices();
    this.order = indices();
    this.subset = indices();
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
    this.syncWeights(scene);
    if (this.uploaded.order !== scene.nPoints) {
      this.uploaded.order = scene.nPoints;
      this.order.upload(drawOrder(scene.nPoints), gl.STATIC_DRAW);
    }
  }

  drawAll(nPoints: number): void {
    this.drawInOrder({ first: 0, count: nPoints, total: nPoints });
  }

  drawInOrder({ first, count }: PointPart): void {
    const { gl } = this;
    this.order.bind();
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, first * Uint32Array.BYTES_PER_ELEMENT);
  }

  /** Draw these points only. */
  drawRows(rows: Uint32Array): void {
    if (rows.length === 0) return;
    this.subset.upload(rows, this.gl.STREAM_DRAW);
    this.gl.drawElements(this.gl.POINTS, rows.length, this.gl.UNSIGNED_INT, 0);
  }

  /** Draw some of the neighbors, or of the selected points. */
  drawEmphasized(kind: "neighbor" | "selected", { neighbor }: FlagCounts, part: PointPart): void {
    const { gl } = this;
    this.emphasized.bind();
    const first = part.first + (kind === "selected" ? neighbor : 0);
    gl.drawElements(gl.POINTS, part.count, gl.UNSIGNED_INT, first * Uint32Array.BYTES_PER_ELEMENT);
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
    const { codes, flags, emphasized, order, subset, sizes, opacities } = this;
    for (const buffer of [codes, flags, emphasized, order, subset, sizes, opacities]) {
      buffer.dispose();
    }
  }

  private syncWeights({ weights, revision }: Scene): void {
    const isNew = this.uploaded.weights !== revision.weights;
    this.uploaded.weights = revision.weights;
    this.bindWeight(ATTRIBUTE.size, this.sizes, weights.size, STANDARD_SIZE, isNew);
    this.bindWeight(ATTRIBUTE.opacity, this.opacities, weights.opacity, STANDARD_OPACITY, isNew);
  }

  /** A constant where nothing is given; it belongs to the context, so it is set every time. */
  private bindWeight(
    attribute: number,
    buffer: Buffer,
    bytes: Uint8Array | null,
    standard: number,
    isNew: boolean,
  ): void {
    const { gl } = this;
    if (bytes === null) {
      gl.disableVertexAttribArray(attribute);
      gl.vertexAttrib1f(attribute, standard);
    } else if (isNew) {
      buffer.upload(bytes, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(attribute);
      gl.vertexAttribPointer(attribute, 1, gl.UNSIGNED_BYTE, true, 0, 0);
    }
  }

  private syncPositions(scene: Scene): void {
    const { from, to } = scene.transition;
    this.bindPositions(ATTRIBUTE.to, this.slotOf(to, from), to.dims);
    // At rest the shader ignores it, and a buffer that is not read need not be fetched.
    if (from === null) this.gl.disableVertexAttribArray(ATTRIBUTE.from);
    else this.bindPositions(ATTRIBUTE.from, this.slotOf(from, to), from.dims);
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

  private bindPositions(attribute: number, slot: Slot, dims: 2 | 3): void {
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
