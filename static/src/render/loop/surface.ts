/** The two canvases in the host element and their size, in CSS pixels and device pixels. */
import type { Viewport } from "../../model/camera/camera";
import type { Picture } from "../gpu/graphics";

/** Beyond this ratio no difference is visible, and four times the pixels cost four times as much. */
const MAX_PIXEL_RATIO = 3;

export class Surface {
  /** Shows labels and marks over the points, and takes all input. */
  readonly canvas: HTMLCanvasElement;
  /** Shows the points, which are drawn elsewhere. */
  private readonly picture: HTMLCanvasElement;
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
    this.picture = layer();
    this.picture.style.pointerEvents = "none";
    this.picture.setAttribute("aria-hidden", "true");
    // A picture may be larger than its view.
    host.style.overflow = "hidden";
    if (getComputedStyle(host).position === "static") host.style.position = "relative";
    host.append(this.picture, this.canvas);
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

  /** Device pixels. */
  get width(): number {
    return this.canvas.width;
  }

  get height(): number {
    return this.canvas.height;
  }

  /** Show the lower left of a picture, which is as large as the view or larger. */
  show(picture: Picture): void {
    const { canvas, picture: shown } = this;
    const { width, height } = picture;
    if (shown.width !== width || shown.height !== height) {
      shown.width = width;
      shown.height = height;
    }
    shown.style.width = `${(100 * width) / canvas.width}%`;
    shown.style.height = `${(100 * height) / canvas.height}%`;
    if ("close" in picture) {
      shown.getContext("bitmaprenderer", { alpha: false })?.transferFromImageBitmap(picture);
    } else shown.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0);
  }

  dispose(): void {
    this.observer.disconnect();
    this.abort.abort();
    this.canvas.remove();
    this.picture.remove();
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
    this.canvas.width = width;
    this.canvas.height = height;
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
  canvas.style.inset = "auto auto 0 0";
  canvas.style.width = "100%";
  canvas.style.height = "100%";
  canvas.style.display = "block";
  return canvas;
}
