import { describe, expect, it } from "vitest";
import { Buffer, Fence, maxPointSize, Program, RenderTarget } from "../../../src/render/gpu/gl";
import { fakeGl } from "../../fakes/fake-gl";

describe("a program", () => {
  const KINDS = {
    count: "int",
    share: "float",
    size: "vec2",
    light: "vec3",
    fog: "vec4",
    taps: "floats",
    matrix: "mat4",
  } as const;

  it("sends each uniform with the call of its kind", () => {
    const fake = fakeGl();
    const program = new Program(fake.gl, "", "", KINDS);
    fake.calls.length = 0;
    const taps = new Float32Array([1, 2, 3]);
    const matrix = new Float32Array(16);
    program.use({
      count: 4,
      share: 0.5,
      size: [1, 2],
      light: [1, 2, 3],
      fog: [1, 2, 3, 4],
      taps,
      matrix,
    });
    expect(fake.calls.map(({ name, args }) => [name, ...args]).slice(1)).toEqual([
      ["uniform1i", "u_count", 4],
      ["uniform1f", "u_share", 0.5],
      ["uniform2fv", "u_size", [1, 2]],
      ["uniform3fv", "u_light", [1, 2, 3]],
      ["uniform4fv", "u_fog", [1, 2, 3, 4]],
      ["uniform1fv", "u_taps", taps],
      ["uniformMatrix4fv", "u_matrix", false, matrix],
    ]);
  });

  it("leaves the uniforms that are not given as they are", () => {
    const fake = fakeGl();
    const program = new Program(fake.gl, "", "", KINDS);
    fake.calls.length = 0;
    program.use({ share: 0 });
    expect(fake.calls.map(({ name }) => name)).toEqual(["useProgram", "uniform1f"]);
  });
});

describe("a buffer", () => {
  it("counts what it uploads for its own cloud only", () => {
    const { gl } = fakeGl();
    const [meter, other] = [{ bytes: 0 }, { bytes: 0 }];
    const buffer = new Buffer(gl, gl.ARRAY_BUFFER, meter);
    buffer.upload(new Float32Array(10), gl.STATIC_DRAW);
    buffer.upload(new Uint8Array(3), gl.STATIC_DRAW);
    new Buffer(gl, gl.ARRAY_BUFFER, other).upload(new Uint16Array(2), gl.STATIC_DRAW);
    expect([meter.bytes, other.bytes]).toEqual([43, 4]);
  });
});

describe("what is made", () => {
  it("is given back", () => {
    const fake = fakeGl();
    new RenderTarget(fake.gl, 4, 4).dispose();
    expect(fake.of("deleteFramebuffer")).toHaveLength(fake.of("createFramebuffer").length);
    expect(fake.of("deleteRenderbuffer")).toHaveLength(fake.of("createRenderbuffer").length);
  });

  it("is known to be done without waiting", () => {
    const fake = fakeGl();
    fake.isIdle = false;
    const fence = Fence.after(fake.gl);
    expect(fence?.isPassed()).toBe(false);
    fake.isIdle = true;
    expect(fence?.isPassed()).toBe(true);
  });

  it("is no larger than the GPU allows", () => {
    expect(maxPointSize(fakeGl().gl)).toBe(64);
  });
});
