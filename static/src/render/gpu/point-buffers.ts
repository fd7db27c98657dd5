/**
 * The point cloud on the GPU: two position buffers of its own; a color code, a flag and weights per
 * point, which views of the same points share.
 */
import { drawOrder } from "../scene/draw-order";
import type { FlagCounts } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import type { Layer } from "../scene/transition";
import { STANDARD_OPACITY, STANDARD_SIZE } from "../scene/weights";
import { Buffer, createTexture, type GL, type UploadMeter } from "./gl";
import { type Shared, SharedArray } from "./shared";

/** Attribute locations of shaders/point.glsl. */
const ATTRIBUTE = { from: 0, to: 1, code: 2, flags: 3, size: 4, opacity: 5 } as const;

/** The palette is folded into rows of this length: 4096 entries fit every GPU's texture limit. */
const PALETTE_WIDTH = 256;

const NO_POSITIONS = new Float32Array(0);

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
  private readonly gl: GL;
  private readonly array: WebGLVertexArrayObject;
  private readonly slots: readonly [Slot, Slot];
  private readonly codes: SharedArray;
  private readonly flags: SharedArray;
  private readonly sizes: SharedArray;
  private readonly opacities: SharedArray;
  private readonly emphasized: SharedArray;
  private readonly order: SharedArray;
  private readonly subset: Buffer;
  private readonly palette: WebGLTexture;
  private uploaded = { coloring: -1, flags: -1, order: -1, weights: -1 };

  constructor(shared: Shared, meter: UploadMeter) {
    const { gl } = shared;
    this.gl = gl;
    const attributes = () => new SharedArray(shared, gl.ARRAY_BUFFER, meter);
    const indices = () => new SharedArray(shared, gl.ELEMENT_ARRAY_BUFFER, meter);
    const slot = () => ({ buffer: new Buffer(gl, gl.ARRAY_BUFFER, meter), layer: null });
    this.array = gl.createVertexArray();
    this.slots = [slot(), slot()];
    this.codes = attributes();
    this.flags = attributes();
    this.sizes = attributes();
    this.opacities = attributes();
    this.emphasized = indices();
    this.order = indices();
    this.subset = new Buffer(gl, gl.ELEMENT_ARRAY_BUFFER, meter);
    this.palette = createTexture(gl, gl.NEAREST);
  }

  /** Upload what changed since the last time, and nothing else; leaves the buffers bound. */
  sync(scene: Scene): void {
    const { gl } = this;
    gl.bindVertexArray(this.array);
    this.syncPositions(scene);
    if (this.uploaded.coloring !== scene.revision.coloring) {
      this.uploaded.coloring = scene.revision.coloring;
      this.codes.take(scene.coloring.codes);
      gl.enableVertexAttribArray(ATTRIBUTE.code);
      gl.vertexAttribIPointer(ATTRIBUTE.code, 1, gl.UNSIGNED_SHORT, 0, 0);
      this.uploadPalette(scene.coloring.palette);
    }
    if (this.uploaded.flags !== scene.revision.flags) {
      this.uploaded.flags = scene.revision.flags;
      this.flags.take(scene.flags);
      gl.enableVertexAttribArray(ATTRIBUTE.flags);
      gl.vertexAttribIPointer(ATTRIBUTE.flags, 1, gl.UNSIGNED_BYTE, 0, 0);
      this.emphasized.take(scene.emphasized);
    }
    this.syncWeights(scene);
    if (this.uploaded.order !== scene.nPoints) {
      this.uploaded.order = scene.nPoints;
      this.order.takeMade(`draw order of ${scene.nPoints}`, () => drawOrder(scene.nPoints));
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
    buffer: SharedArray,
    bytes: Uint8Array | null,
    standard: number,
    isNew: boolean,
  ): void {
    const { gl } = this;
    if (bytes === null) {
      gl.disableVertexAttribArray(attribute);
      gl.vertexAttrib1f(attribute, standard);
    } else if (isNew) {
      buffer.take(bytes);
      gl.enableVertexAttribArray(attribute);
      gl.vertexAttribPointer(attribute, 1, gl.UNSIGNED_BYTE, true, 0, 0);
    }
  }

  private syncPositions(scene: Scene): void {
    const { from, to } = scene.transition;
    this.bindPositions(ATTRIBUTE.to, this.slotOf(to, from), to.dims);
    // At rest the shader ignores it, and a buffer that is not read need not be fetched.
    if (from === null) {
      this.gl.disableVertexAttribArray(ATTRIBUTE.from);
      this.freeAllBut(to);
    } else this.bindPositions(ATTRIBUTE.from, this.slotOf(from, to), from.dims);
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

  /** A transition is over: what it came from is not kept on the card. */
  private freeAllBut(to: Layer): void {
    for (const slot of this.slots) {
      if (slot.layer === null || slot.layer === to) continue;
      slot.layer = null;
      slot.buffer.upload(NO_POSITIONS, this.gl.DYNAMIC_DRAW);
    }
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
