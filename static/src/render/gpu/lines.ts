/** The pass that draws thin lines between pairs of points; they follow a transition. */

import type { Scene } from "../scene/scene";
import { pointAt, type Transition } from "../scene/transition";
import { rgb } from "./colors";
import { fogUniform } from "./frame";
import { Buffer, type GL, type Program, type UploadMeter } from "./gl";
import type { LayerName, Pass, PassInput } from "./pass";
import fragmentSource from "./shaders/lines.frag?raw";
import vertexSource from "./shaders/lines.vert?raw";
import type { Shared } from "./shared";

/** Uniforms of shaders/lines.vert and lines.frag. */
const UNIFORMS = {
  matrix: "mat4",
  progress: "float",
  viewport: "vec2",
  width: "float",
  fog: "vec3",
  color: "vec4",
} as const;

const FLOATS_PER_EDGE = 13;

export class LinesPass implements Pass {
  readonly drawCalls = 1;
  private readonly gl: GL;
  private readonly program: Program<typeof UNIFORMS>;
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: Buffer;
  private uploaded: { edges: number; from: object | null; to: object | null };

  constructor(shared: Shared, meter: UploadMeter) {
    const { gl } = shared;
    this.gl = gl;
    this.program = shared.program(vertexSource, fragmentSource, UNIFORMS);
    this.array = gl.createVertexArray();
    this.buffer = new Buffer(gl, gl.ARRAY_BUFFER, meter);
    this.uploaded = { edges: -1, from: null, to: null };
  }

  /** All lines are drawn at once. */
  sizeOf(layer: LayerName, { edges, nPoints }: Scene): number {
    return layer === "lines" && edges.length > 1 && nPoints > 0 ? 1 : 0;
  }

  draw(_: LayerName, { scene, frame }: PassInput): void {
    const { gl } = this;
    const nEdges = scene.edges.length >> 1;
    this.sync(scene);
    gl.bindVertexArray(this.array);
    gl.viewport(0, 0, frame.width, frame.height);
    const [near, perRange, strength] = fogUniform(scene, frame);
    this.program.use({
      matrix: new Float32Array(frame.view.matrix),
      progress: scene.transition.progress,
      viewport: [frame.width, frame.height],
      width: 1.1 * frame.pixelRatio,
      fog: [near, perRange, strength],
      color: [...rgb(frame.colors.text), scene.edgeOpacities ? 1 : edgeOpacity(nEdges)],
    });
    // Edges are context, as on a map: they lie over the plain points but never hide them.
    gl.disable(gl.DEPTH_TEST);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, nEdges);
    gl.enable(gl.DEPTH_TEST);
  }

  dispose(): void {
    this.buffer.dispose();
    this.gl.deleteVertexArray(this.array);
  }

  private sync(scene: Scene): void {
    const { from, to } = scene.transition;
    const { uploaded, gl } = this;
    const { edges } = scene.revision;
    if (uploaded.edges === edges && uploaded.from === from && uploaded.to === to) return;
    this.uploaded = { edges, from, to };
    gl.bindVertexArray(this.array);
    const opacities = scene.edgeOpacities;
    this.buffer.upload(edgeEnds(scene.edges, scene.transition, opacities), gl.DYNAMIC_DRAW);
    for (let location = 0; location < 4; location++) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, 3, gl.FLOAT, false, FLOATS_PER_EDGE * 4, location * 12);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.enableVertexAttribArray(4);
    gl.vertexAttribPointer(4, 1, gl.FLOAT, false, FLOATS_PER_EDGE * 4, 48);
    gl.vertexAttribDivisor(4, 1);
  }
}

/**
 * Start and end of each edge, before and after the transition, in fitted space. An edge to a point
 * that is not drawn stays a line without length.
 */
export function edgeEnds(
  pairs: Uint32Array,
  transition: Transition,
  opacities: Float32Array | null = null,
): Float32Array {
  const out = new Float32Array((pairs.length >> 1) * FLOATS_PER_EDGE);
  const before: Transition = { ...transition, progress: 0 };
  const after: Transition = { from: null, to: transition.to, progress: 1 };
  for (let edge = 0; edge < pairs.length >> 1; edge++) {
    const start = pairs[edge * 2] as number;
    const end = pairs[edge * 2 + 1] as number;
    const ends = [
      pointAt(before, start),
      pointAt(after, start),
      pointAt(before, end),
      pointAt(after, end),
    ];
    out[edge * FLOATS_PER_EDGE + 12] = opacities?.[edge] ?? 1;
    if (ends.some((point) => point === null)) continue;
    ends.forEach((point, k) => {
      if (point !== null) out.set(point, edge * FLOATS_PER_EDGE + k * 3);
    });
  }
  return out;
}

/** A few neighbors are clear lines; a whole graph is a faint web. */
function edgeOpacity(nEdges: number): number {
  return Math.min(0.5, Math.max(0.04, 0.5 * (60 / Math.max(1, nEdges)) ** 0.35));
}
