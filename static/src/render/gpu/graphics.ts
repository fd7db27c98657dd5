/**
 * The one WebGL context of a page: browsers keep few, and what is in one of them no other can draw.
 * It has a canvas that is not on the page. A view draws there, and what it drew moves into the
 * canvas of the view, without a copy where the browser can do that.
 */
import type { GL } from "./gl";
import { Shared } from "./shared";

/** What was drawn, on its way to a view. */
export type Picture = ImageBitmap | HTMLCanvasElement;

/** Hears of the context. */
export interface ContextListener {
  onLost(): void;
  /** All that was on the GPU is gone. */
  onRestored(): void;
}

/** One view's part in the context. */
export interface Screen {
  /**
   * Draw to the screen from now on: the lower left `width` × `height` pixels of it. Nothing is left
   * of what any view drew before.
   */
  begin(width: number, height: number): void;
  /** What was drawn since begin(); larger than the view where another one is larger. */
  take(): Picture;
  leave(): void;
}

interface Member {
  readonly listener: ContextListener;
  width: number;
  height: number;
}

type OffPage = OffscreenCanvas | HTMLCanvasElement;

export class Graphics {
  private readonly members = new Set<Member>();
  private readonly abort = new AbortController();
  /** What views share; another one after a lost context. */
  shared: Shared;

  private constructor(
    private readonly canvas: OffPage,
    readonly gl: GL,
  ) {
    this.shared = new Shared(gl);
    const { signal } = this.abort;
    canvas.addEventListener("webglcontextlost", (event) => this.lose(event), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.restore(), { signal });
  }

  /** null where the browser has no WebGL2. */
  static create(): Graphics | null {
    for (const canvas of canvases()) {
      const gl = canvas.getContext("webgl2", {
        // The background is opaque, and dots, lines and labels have soft edges of their own.
        alpha: false,
        antialias: false,
        depth: true,
        powerPreference: "high-performance",
      }) as GL | null;
      if (gl !== null) return new Graphics(canvas, gl);
    }
    return null;
  }

  join(listener: ContextListener): Screen {
    const member: Member = { listener, width: 1, height: 1 };
    this.members.add(member);
    return {
      begin: (width, height) => {
        member.width = width;
        member.height = height;
        this.resize();
        this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
      },
      take: () =>
        "transferToImageBitmap" in this.canvas ? this.canvas.transferToImageBitmap() : this.canvas,
      leave: () => void this.members.delete(member),
    };
  }

  dispose(): void {
    this.abort.abort();
    this.shared.dispose();
    // A browser keeps few contexts and frees this one only when it collects garbage.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** To resize is to wait for the GPU, so the size is that of the largest view for all of them. */
  private resize(): void {
    const { canvas } = this;
    const most = (of: "width" | "height") => Math.max(...[...this.members].map((m) => m[of]));
    const width = most("width");
    const height = most("height");
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  private lose(event: Event): void {
    // Without this the browser never gives the context back.
    event.preventDefault();
    for (const { listener } of this.members) listener.onLost();
  }

  private restore(): void {
    this.shared = new Shared(this.gl);
    for (const { listener } of this.members) listener.onRestored();
  }
}

/** The second has to be copied, by browsers that draw nothing in three dimensions off the page. */
function* canvases(): Generator<OffPage> {
  if (typeof OffscreenCanvas !== "undefined") yield new OffscreenCanvas(1, 1);
  yield document.createElement("canvas");
}
