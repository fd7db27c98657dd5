/** The two canvases in the host element and their size, in CSS pixels and device pixels. */
import type { Viewport } from "../../model/camera/camera";

/** Beyond this ratio no difference is visible, and four times the pixels cost four times as much. */
const MAX_PIXEL_RATIO = 3;

export class Surface {
  /** Shows the points and takes all input. */
  readonly canvas: HTMLCanvasElement;
  /** Shows labels and marks over the points; takes no input. */
  readonly overlay: HTMLCanvasElement;
  viewport: Viewport = { width: 1, height: 1 };
  pixelRatio = 1;
  private readonly observer: ResizeObserver;
  private readonly abort = new AbortController();

  constructor(
    private readonly host: HTMLElement,
    /** For screen readers. */
    label: string,
    private readonly onResize: () => void,
  ) {
    this.canvas = layer();
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", label);
    this.canvas.setAttribute(
      "aria-description",
      "Arrow keys turn or move the cloud, plus and minus zoom, Home shows everything.",
    );
    // The browser would scroll and zoom the page with the fingers that move the cloud.
    this.canvas.style.touchAction = "none";
    this.overlay = layer();
    this.overlay.style.pointerEvents = "none";
    this.overlay.setAttribute("aria-hidden", "true");
    if (getComputedStyle(host).position === "static") host.style.position = "relative";
    host.append(this.canvas, this.overlay);
    this.measure();
    this.observer = new ResizeObserver(() => this.update());
    this.observer.observe(host);
    this.watchPixelRatio();
  }

  /** Font of the page around the canvas. */
  get fontFamily(): string {
    return getComputedStyle(this.host).fontFamily || "sans-serif";
  }

  /** CSS pixels of the text around the canvas: larger on a large screen. */
  get fontSize(): number {
    return Number.parseFloat(getComputedStyle(this.host).fontSize) || 12;
  }

  dispose(): void {
    this.observer.disconnect();
    this.abort.abort();
    this.canvas.remove();
    this.overlay.remove();
  }

  private update(): void {
    if (this.measure()) this.onResize();
  }

  /** True if the size changed; only then, because setting it clears a canvas. */
  private measure(): boolean {
    const { clientWidth, clientHeight } = this.host;
    this.viewport = { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
    this.pixelRatio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio || 1);
    const width = Math.round(this.viewport.width * this.pixelRatio);
    const height = Math.round(this.viewport.height * this.pixelRatio);
    if (this.canvas.width === width && this.canvas.height === height) return false;
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = width;
      canvas.height = height;
    }
    return true;
  }

  /** A media query matches one ratio only, so a new one is needed after each change. */
  private watchPixelRatio(): void {
    const { signal } = this.abort;
    if (signal.aborted) return;
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        this.update();
        this.watchPixelRatio();
      },
      { once: true, signal },
    );
  }
}

function layer(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  // Set one by one: the page's content security policy forbids style attributes.
  canvas.style.position = "absolute";
  canvas.style.inset = "0";
  canvas.style.width = "100%";
  canvas.style.height = "100%";
  canvas.style.display = "block";
  return canvas;
}
