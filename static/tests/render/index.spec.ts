import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloud, Graphics } from "../../src/render/index";
import { createFramePace, type FramePace } from "../../src/render/loop/frame-pace";
import { FrameTicker } from "../../src/render/loop/frame-ticker";
import type { Cloud } from "../../src/render/scene/types";
import { FakeFrames, type FakeHost, stubDom } from "../fakes/fake-canvas";

const THEME = {
  background: "#fff",
  text: "#111",
  textHalo: "#eee",
  ghost: "#bbb",
  selectedRing: "#00f",
  hoverRing: "#00f",
  axes: "#999",
};

const MILLION = 1_000_000;

let now = 0;

beforeEach(() => {
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function events() {
  return {
    onHover: vi.fn(),
    onClick: vi.fn(),
    onSelect: vi.fn(),
    onCamera: vi.fn(),
    onRest: vi.fn(),
    onWhole: vi.fn(),
    onStatus: vi.fn(),
    onLabel: vi.fn(),
    onLabelClick: vi.fn(),
  };
}

function cloudIn({ host }: FakeHost, pace?: FramePace, label?: string, graphics?: Graphics | null) {
  const heard = events();
  const own = { ...(pace && { pace }), ...(graphics !== undefined && { graphics }) };
  const options = { reducedMotion: false, theme: THEME, ...own };
  const cloud = createCloud(host, heard, { ...options, ...(label !== undefined && { label }) });
  return { cloud, heard };
}

function flat(nPoints: number) {
  return { values: new Float32Array(nPoints * 2).map((_, i) => i % 100), dims: 2 as const };
}

describe("a cloud", () => {
  it("is named for screen readers", () => {
    const dom = stubDom();
    vi.stubGlobal("requestAnimationFrame", () => 0);
    const one = dom.makeHost();
    cloudIn(one);
    const other = dom.makeHost();
    cloudIn(other, undefined, "t-SNE of mnist, right view");
    expect(one.canvases[1]?.attributes["aria-label"]).toBe("Point cloud");
    expect(other.canvases[1]?.attributes["aria-label"]).toBe("t-SNE of mnist, right view");
  });

  it("draws, rests, and then asks for no frame", () => {
    const dom = stubDom();
    const frames = new FakeFrames();
    const { cloud, heard } = cloudIn(
      dom.makeHost(),
      createFramePace(new FrameTicker(frames.request)),
    );
    cloud.setPositions(flat(500));
    runUntilRest(frames);
    expect(cloud.stats()).toMatchObject({ pointsDrawn: 500, isWhole: true, frames: 1 });
    expect(heard.onRest).toHaveBeenCalledOnce();
    cloud.setHover(3);
    runUntilRest(frames);
    // The hovered point is drawn on the overlay; the picture is the same.
    expect(cloud.stats().frames).toBe(1);
    expect(heard.onRest).toHaveBeenCalledOnce();
  });

  it("needs a frame of its own where it is given no pace", () => {
    const dom = stubDom();
    const frames = new FakeFrames();
    vi.stubGlobal("requestAnimationFrame", frames.request);
    cloudIn(dom.makeHost());
    cloudIn(dom.makeHost());
    expect(frames.nRequests).toBe(2);
  });

  it("leaves nothing behind", () => {
    const dom = stubDom();
    const frames = new FakeFrames();
    const made = dom.makeHost();
    const { cloud } = cloudIn(made, createFramePace(new FrameTicker(frames.request)));
    cloud.setPositions(flat(500));
    cloud.dispose();
    const nCalls = made.gl.calls.length;
    frames.run(16);
    cloud.setPositions(flat(10));
    cloud.drawNow();
    expect(made.gl.calls.length).toBe(nCalls);
    expect(frames.isRequested).toBe(false);
    expect(made.canvases.every(({ isRemoved }) => isRemoved)).toBe(true);
  });
});

describe("two clouds on one page", () => {
  function pair() {
    const dom = stubDom();
    const frames = new FakeFrames();
    const pace = createFramePace(new FrameTicker(frames.request));
    const make = () => {
      const made = dom.makeHost();
      return { ...cloudIn(made, pace), gl: made.gl };
    };
    const clouds = [make(), make()] as const;
    /** The points that each of them draws in the next frame. */
    const frame = (milliseconds: number) => {
      now += milliseconds;
      for (const { gl } of clouds) gl.calls.length = 0;
      frames.run(now);
      return clouds.map(({ gl }) =>
        gl.of("drawElements").reduce((sum, { args }) => sum + Number(args[1]), 0),
      );
    };
    return { frames, clouds, frame };
  }

  it("share one animation frame", () => {
    const { frames, clouds, frame } = pair();
    expect(frames.nRequests).toBe(1);
    for (const { cloud } of clouds) cloud.setPositions(flat(400));
    expect(frame(16)).toEqual([400, 400]);
    expect(frames.nRequests).toBe(1);
    expect(frames.isRequested).toBe(false);
  });

  it("share the points of a frame while both move", () => {
    const { clouds, frame } = pair();
    for (const { cloud } of clouds) cloud.setPositions(flat(MILLION));
    frame(16);
    for (const { cloud } of clouds) cloud.setPositions(flat(MILLION), { animateMilliseconds: 900 });
    frame(16);
    for (let nFrames = 0; nFrames < 4; nFrames++) {
      const [one = 0, other = 0] = frame(100);
      expect(one).toBe(other);
      // After one frame of 100 milliseconds; a budget for each would allow twice as much.
      expect(one + other).toBeLessThanOrEqual(26_400);
      expect(one).toBeGreaterThanOrEqual(4000);
    }
  });

  it("say at rest while they lack points, and when they have all again", () => {
    const { frames, clouds, frame } = pair();
    const [{ cloud, heard }] = clouds;
    cloud.setPositions(flat(MILLION));
    frame(16);
    expect(heard.onWhole.mock.calls).toEqual([[false]]);
    runUntilRest(frames);
    expect(heard.onWhole.mock.calls).toEqual([[false], [true]]);
  });

  it("come to rest one by one, each with all of its points", () => {
    const { frames, clouds, frame } = pair();
    const [one, other] = clouds;
    for (const { cloud } of clouds) cloud.setPositions(flat(50_000));
    runUntilRest(frames);
    one.cloud.setPositions(flat(50_000), { animateMilliseconds: 100 });
    other.cloud.setPositions(flat(50_000), { animateMilliseconds: 400 });
    for (let nFrames = 0; nFrames < 10; nFrames++) frame(16);
    expect(one.heard.onRest).toHaveBeenCalledTimes(2);
    expect(other.heard.onRest).toHaveBeenCalledTimes(1);
    while (frames.isRequested) frame(16);
    expect(other.heard.onRest).toHaveBeenCalledTimes(2);
    for (const { cloud } of clouds) expect(cloud.stats().isWhole).toBe(true);
  });

  it("count what they upload apart", () => {
    const { clouds, frame } = pair();
    const [one, other] = clouds;
    one.cloud.setPositions(flat(100));
    other.cloud.setPositions(flat(10));
    frame(16);
    expect(one.cloud.stats().bytesUploaded).toBe(1500);
    expect(other.cloud.stats().bytesUploaded).toBe(150);
  });

  it("go on alone when one is disposed", () => {
    const { clouds, frame } = pair();
    const [one, other] = clouds;
    one.cloud.setPositions(flat(100));
    one.cloud.dispose();
    other.cloud.setPositions(flat(10));
    expect(frame(16)).toEqual([0, 10]);
  });
});

describe("clouds that draw with one context", () => {
  function four() {
    const dom = stubDom();
    const frames = new FakeFrames();
    const pace = createFramePace(new FrameTicker(frames.request));
    const { gl } = dom.makeHost();
    const canvas = new OffscreenCanvas(1, 1);
    vi.stubGlobal(
      "OffscreenCanvas",
      class {
        constructor() {
          // biome-ignore lint/correctness/noConstructorReturn: the test keeps the canvas
          return canvas;
        }
      },
    );
    const graphics = Graphics.create();
    const clouds = Array.from({ length: 4 }, () =>
      cloudIn(dom.makeHost(), pace, undefined, graphics),
    );
    return { frames, gl, graphics, canvas, clouds };
  }

  it("draw all points of each, and then nothing more", () => {
    const { frames, gl, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(300));
    runUntilRest(frames);
    expect(gl.of("drawElements").map(({ args }) => args[1])).toEqual([300, 300, 300, 300]);
    const { nRequests } = frames;
    expect(frames.isRequested).toBe(false);
    clouds[2]?.cloud.setPointScale(2);
    runUntilRest(frames);
    // Only the one that changed.
    expect(clouds.map(({ cloud }) => cloud.stats().frames)).toEqual([1, 1, 2, 1]);
    expect(frames.nRequests - nRequests).toBeLessThan(4);
  });

  it("upload a recoloring once", () => {
    const { frames, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(300));
    runUntilRest(frames);
    const uploaded = () => clouds.reduce((sum, { cloud }) => sum + cloud.stats().bytesUploaded, 0);
    const before = uploaded();
    const coloring = { codes: new Uint16Array(300).fill(1), palette: new Uint8Array(8) };
    for (const { cloud } of clouds) cloud.setColoring(coloring);
    runUntilRest(frames);
    expect(uploaded() - before).toBe(600);
  });

  it("have as many points in a frame at rest as one cloud with all of them", () => {
    const { frames, gl, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(MILLION / 4));
    now += 16;
    frames.run(now);
    const drawn = gl.of("drawElements").map(({ args }) => Number(args[1]));
    expect(drawn).toEqual([25_000, 25_000, 25_000, 25_000]);
    gl.calls.length = 0;
    // Then whole pictures, in parts: no frame has more than one.
    while (frames.isRequested) {
      now += 16;
      gl.calls.length = 0;
      frames.run(now);
      expect(gl.of("drawElements").length).toBeLessThanOrEqual(1);
    }
    for (const { cloud } of clouds) expect(cloud.stats().isWhole).toBe(true);
  });

  it("share the points of a frame when one is moved and the others go along", () => {
    const { frames, gl, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(MILLION / 4));
    runUntilRest(frames);
    const [{ cloud: first } = {}] = clouds;
    const camera = first?.camera();
    if (camera === undefined) throw new Error("There is no cloud.");
    for (let zoom = 2; zoom < 8; zoom++) {
      for (const { cloud } of clouds) cloud.setCamera({ ...camera, zoom });
      gl.calls.length = 0;
      now += 100;
      frames.run(now);
    }
    const drawn = gl.of("drawElements").map(({ args }) => Number(args[1]));
    expect(drawn).toHaveLength(4);
    expect(new Set(drawn).size).toBe(1);
    // Frames of 100 milliseconds: all of them together have what one cloud would have.
    expect(drawn.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(26_400);
    runUntilRest(frames);
    for (const { cloud } of clouds) expect(cloud.stats().isWhole).toBe(true);
  });

  it("go on after the context was lost, all of them", () => {
    const { frames, gl, canvas, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(300));
    runUntilRest(frames);
    canvas.dispatchEvent(new Event("webglcontextlost", { cancelable: true }));
    for (const { cloud } of clouds) cloud.setPointScale(2);
    runUntilRest(frames);
    gl.calls.length = 0;
    canvas.dispatchEvent(new Event("webglcontextrestored"));
    runUntilRest(frames);
    expect(gl.of("drawElements").map(({ args }) => args[1])).toEqual([300, 300, 300, 300]);
    for (const { heard } of clouds) {
      expect(heard.onStatus.mock.calls).toEqual([["lost"], ["ok"]]);
    }
  });

  it("go on after the context was lost in the middle of a picture", () => {
    const { frames, gl, canvas, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(MILLION / 4));
    gl.isIdle = false;
    frames.run(16);
    frames.run(32);
    canvas.dispatchEvent(new Event("webglcontextlost", { cancelable: true }));
    gl.isIdle = true;
    canvas.dispatchEvent(new Event("webglcontextrestored"));
    runUntilRest(frames);
    for (const { cloud } of clouds) expect(cloud.stats().isWhole).toBe(true);
  });

  it("leave it to the others when one is disposed", () => {
    const { frames, gl, graphics, clouds } = four();
    for (const { cloud } of clouds) cloud.setPositions(flat(300));
    clouds[0]?.cloud.dispose();
    runUntilRest(frames);
    expect(gl.of("drawElements")).toHaveLength(3);
    expect(gl.of("getExtension").map(({ args }) => args[0])).not.toContain("WEBGL_lose_context");
    graphics?.dispose();
    expect(gl.of("getExtension").map(({ args }) => args[0])).toContain("WEBGL_lose_context");
  });
});

describe("without WebGL2", () => {
  function nullCloud(): { cloud: Cloud; heard: ReturnType<typeof events>; made: FakeHost } {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const made = stubDom({ hasWebGL: false }).makeHost();
    return { ...cloudIn(made), made };
  }

  it("there is a cloud that draws nothing, and the page is told later", async () => {
    const { cloud, heard, made } = nullCloud();
    expect(heard.onStatus).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(heard.onStatus).toHaveBeenCalledExactlyOnceWith("unavailable");
    expect(made.canvases.every(({ isRemoved }) => isRemoved)).toBe(true);
    expect(cloud.stats().pointsDrawn).toBe(0);
    await expect(cloud.toSvg()).resolves.toBe("");
    await expect(cloud.toBlob(1)).rejects.toThrow("no WebGL2");
  });

  it("the cloud has the same methods, with as many arguments at most", () => {
    const { cloud: drawsNothing } = nullCloud();
    vi.stubGlobal("requestAnimationFrame", () => 0);
    const { cloud: drawn } = cloudIn(stubDom().makeHost());
    const { resized: _, ...methods } = drawn as Cloud & { resized(): void };
    const kinds = (cloud: object) =>
      Object.entries(cloud)
        .map(([name, value]) => `${name}: ${typeof value}`)
        .sort();
    expect(kinds(drawsNothing)).toEqual(kinds(methods));
  });

  it("the cloud keeps its camera", () => {
    const { cloud } = nullCloud();
    const camera = { ...cloud.camera(), zoom: 3 };
    cloud.setCamera(camera);
    expect(cloud.camera()).toBe(camera);
  });
});

/** Let frames come until none is asked for any more. */
function runUntilRest(frames: FakeFrames): void {
  for (let nFrames = 0; frames.isRequested; nFrames++) {
    if (nFrames > 500) throw new Error("The clouds do not come to rest.");
    now += 16;
    frames.run(now);
  }
}
