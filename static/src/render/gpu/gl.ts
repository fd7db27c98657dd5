/** The WebGL2 objects in use: program, buffer, render target, fence, texture; each frees itself. */

export type GL = WebGL2RenderingContext;

interface UniformTypes {
  int: number;
  float: number;
  vec2: readonly [number, number];
  vec3: readonly [number, number, number];
  vec4: readonly [number, number, number, number];
  mat4: Float32Array;
  /** An array of numbers. */
  floats: Float32Array;
}

/** Names and kinds of a program's uniforms; written next to the import of the shader that declares them. */
export type UniformKinds = Readonly<Record<string, keyof UniformTypes>>;

export type UniformValues<K extends UniformKinds> = {
  readonly [N in keyof K]: UniformTypes[K[N]];
};

type Setter = (gl: GL, at: WebGLUniformLocation | null, value: number | Iterable<number>) => void;

const SETTERS: Readonly<Record<keyof UniformTypes, Setter>> = {
  int: (gl, at, value) => gl.uniform1i(at, value as number),
  float: (gl, at, value) => gl.uniform1f(at, value as number),
  vec2: (gl, at, value) => gl.uniform2fv(at, value as number[]),
  vec3: (gl, at, value) => gl.uniform3fv(at, value as number[]),
  vec4: (gl, at, value) => gl.uniform4fv(at, value as number[]),
  floats: (gl, at, value) => gl.uniform1fv(at, value as Float32Array),
  mat4: (gl, at, value) => gl.uniformMatrix4fv(at, false, value as Float32Array),
};

export class Program<K extends UniformKinds> {
  private readonly program: WebGLProgram;
  private readonly locations: ReadonlyMap<string, WebGLUniformLocation | null>;

  constructor(
    private readonly gl: GL,
    vertexSource: string,
    fragmentSource: string,
    private readonly kinds: K,
  ) {
    this.program = gl.createProgram();
    const shaders = [
      compile(gl, gl.VERTEX_SHADER, vertexSource),
      compile(gl, gl.FRAGMENT_SHADER, fragmentSource),
    ];
    for (const shader of shaders) gl.attachShader(this.program, shader);
    gl.linkProgram(this.program);
    // The program keeps them until it goes itself.
    for (const shader of shaders) gl.deleteShader(shader);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`A shader program does not link: ${gl.getProgramInfoLog(this.program)}`);
    }
    this.locations = new Map(
      Object.keys(kinds).map((name) => [name, gl.getUniformLocation(this.program, `u_${name}`)]),
    );
  }

  use(values: Partial<UniformValues<K>>): void {
    this.gl.useProgram(this.program);
    for (const [name, value] of Object.entries(values)) {
      const kind = this.kinds[name];
      if (kind === undefined || value === undefined) continue;
      SETTERS[kind](this.gl, this.locations.get(name) ?? null, value as number | Iterable<number>);
    }
  }

  dispose(): void {
    this.gl.deleteProgram(this.program);
  }
}

/** Counts the bytes that buffers send to the GPU; each cloud has its own. */
export interface UploadMeter {
  bytes: number;
}

export class Buffer {
  private readonly buffer: WebGLBuffer;

  constructor(
    private readonly gl: GL,
    private readonly target: number,
    private readonly meter: UploadMeter,
  ) {
    this.buffer = gl.createBuffer();
  }

  upload(data: ArrayBufferView, usage: number): void {
    this.bind();
    this.gl.bufferData(this.target, data, usage);
    this.meter.bytes += data.byteLength;
  }

  bind(): void {
    this.gl.bindBuffer(this.target, this.buffer);
  }

  dispose(): void {
    this.gl.deleteBuffer(this.buffer);
  }
}

/** A framebuffer of its own size with color and depth. */
export class RenderTarget {
  readonly framebuffer: WebGLFramebuffer;
  private readonly color: WebGLRenderbuffer;
  private readonly depth: WebGLRenderbuffer;

  constructor(
    private readonly gl: GL,
    readonly width: number,
    readonly height: number,
  ) {
    this.framebuffer = gl.createFramebuffer();
    this.color = gl.createRenderbuffer();
    this.depth = gl.createRenderbuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    this.attach(this.color, gl.RGBA8, gl.COLOR_ATTACHMENT0);
    this.attach(this.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** To the lower left of the screen, which has this size or is larger. */
  copyToScreen(): void {
    const { gl, width, height } = this;
    const whole = [0, 0, width, height] as const;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.framebuffer);
    gl.blitFramebuffer(...whole, ...whole, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  }

  dispose(): void {
    this.gl.deleteFramebuffer(this.framebuffer);
    this.gl.deleteRenderbuffer(this.color);
    this.gl.deleteRenderbuffer(this.depth);
  }

  private attach(renderbuffer: WebGLRenderbuffer, format: number, attachment: number): void {
    const { gl } = this;
    gl.bindRenderbuffer(gl.RENDERBUFFER, renderbuffer);
    gl.renderbufferStorage(gl.RENDERBUFFER, format, this.width, this.height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, attachment, gl.RENDERBUFFER, renderbuffer);
  }
}

/** A place in the stream of GPU commands; whether the GPU has reached it is known without waiting. */
export class Fence {
  private constructor(
    private readonly gl: GL,
    private readonly sync: WebGLSync,
  ) {}

  /** After all commands so far; null where the context is lost. */
  static after(gl: GL): Fence | null {
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    return sync && new Fence(gl, sync);
  }

  isPassed(): boolean {
    const { gl } = this;
    return gl.getSyncParameter(this.sync, gl.SYNC_STATUS) === gl.SIGNALED;
  }

  dispose(): void {
    this.gl.deleteSync(this.sync);
  }
}

/** A texture without mipmaps that does not repeat. */
export function createTexture(gl: GL, filter: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

/** Pixels across the largest point this GPU draws; it clamps larger ones silently. */
export function maxPointSize(gl: GL): number {
  return (gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE) as Float32Array | null)?.[1] ?? 64;
}

function compile(gl: GL, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  // Null only while the context is lost; the restored context compiles again.
  if (shader === null) throw new Error("The WebGL context was lost while a shader was made");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`A shader does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}
