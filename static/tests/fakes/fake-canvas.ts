/** The parts of the DOM that a cloud touches, for tests: canvases, a host element, frames. */
import { vi } from "vitest";
import { type FakeGl, fakeGl } from "./fake-gl";

/** A 2D context that records nothing and measures every letter as 7 pixels wide. */
export function fakePaper(): CanvasRenderingContext2D {
  const values: Record<string, unknown> = { canvas: { width: 400, height: 300 } };
  const paper = new Proxy(values, {
    get(target, name) {
      if (typeof name !== "string" || name in target) return target[name as string];
      if (name === "measureText") return (text: string) => ({ width: text.length * 7 });
      if (name === "getImageData") return () => ({ data: [10, 20, 30, 255] });
      return () => undefined;
    },
  });
  return paper as unknown as CanvasRenderingContext2D;
}

export class FakeCanvas extends EventTarget {
  readonly style: Partial<CSSStyleDeclaration> = {};
  readonly attributes: Record<string, string> = {};
  width = 0;
  height = 0;
  tabIndex = -1;
  isRemoved = false;
  readonly #gl: FakeGl | null;

  constructor(gl: FakeGl | null) {
    super();
    this.#gl = gl;
  }

  getContext(kind: string): unknown {
    if (kind === "bitmaprenderer") return { transferFromImageBitmap: () => undefined };
    return kind === "2d" ? fakePaper() : (this.#gl?.gl ?? null);
  }

  transferToImageBitmap() {
    return { width: this.width, height: this.height, close: () => undefined };
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: 400, height: 300 };
  }

  setPointerCapture(): void {}
  focus(): void {}
  remove(): void {
    this.isRemoved = true;
  }
}

export interface FakeHost {
  readonly host: HTMLElement;
  readonly canvases: FakeCanvas[];
  readonly gl: FakeGl;
}

/**
 * Replaces the DOM's globals. `makeHost()` makes an element for the cloud that is created next, with a
 * context of its own.
 */
export function stubDom({ hasWebGL = true } = {}): { makeHost(): FakeHost } {
  let gl = fakeGl();
  const made: FakeCanvas[] = [];
  vi.stubGlobal("window", { devicePixelRatio: 1 });
  vi.stubGlobal("matchMedia", () => new EventTarget());
  vi.stubGlobal("getComputedStyle", () => ({
    position: "static",
    fontFamily: "sans-serif",
    fontSize: "12px",
  }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal(
    "OffscreenCanvas",
    class extends FakeCanvas {
      constructor(width: number, height: number) {
        super(hasWebGL ? gl : null);
        this.width = width;
        this.height = height;
      }
    },
  );
  vi.stubGlobal("document", {
    createElement: () => {
      const canvas = new FakeCanvas(hasWebGL ? gl : null);
      made.push(canvas);
      return canvas;
    },
  });
  return {
    makeHost() {
      gl = fakeGl();
      const canvases: FakeCanvas[] = [];
      const host = {
        style: {},
        clientWidth: 400,
        clientHeight: 300,
        append: (...all: FakeCanvas[]) => void canvases.push(...all),
      };
      return { host: host as unknown as HTMLElement, canvases, gl };
    },
  };
}

/** Animation frames that come when a test says so. */
export class FakeFrames {
  #callbacks: ((now: number) => void)[] = [];
  /** How often a frame was asked for. */
  nRequests = 0;

  readonly request = (callback: (now: number) => void): number => {
    this.#callbacks.push(callback);
    this.nRequests += 1;
    return this.nRequests;
  };

  get isRequested(): boolean {
    return this.#callbacks.length > 0;
  }

  /** Let the next frame come. */
  run(now: number): void {
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback(now);
  }
}
