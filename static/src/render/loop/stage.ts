/**
 * The draw loop: what is seen (scene, camera, overlay), when it has to be drawn again, and nothing
 * else. An animation frame is asked for only when there is a reason.
 */
import { type CameraState, HOME_3D, type View, viewOf } from "../../model/camera/camera";
import { type ThemeColors, themeColors } from "../gpu/colors";
import type { Frame } from "../gpu/frame";
import { bytesUploaded, type GL } from "../gpu/gl";
import { Renderer } from "../gpu/renderer";
import { Nearby } from "../input/cpu-picking";
import { type Region, windowOf } from "../input/lasso";
import { Overlay, type OverlayInput } from "../overlay/overlay";
import { MAX_CIRCLES, svgOf } from "../overlay/svg";
import { type Appearance, appearanceOf } from "../scene/appearance";
import { Scene } from "../scene/scene";
import type { CloudStats, Theme } from "../scene/types";
import { CameraMotion } from "./camera-motion";
import { Budget } from "./frame-budget";
import type { Picker } from "./hover-queries";
import { FullPicture } from "./progressive-picture";
import type { Surface } from "./surface";

/** Of an exported picture: a poster at 200 dots an inch, and a quarter of a gigabyte while it is made. */
const MAX_PIXELS = 64e6;

export class Stage {
  readonly scene = new Scene();
  readonly motion = new CameraMotion(HOME_3D);
  readonly overlay = new Overlay();
  private renderer: Renderer | null;
  private full: FullPicture | null;
  private colors: ThemeColors;
  private isProjectionStale = true;
  private isOverlayStale = true;
  /** Whether the picture changed since it was last said to rest. */
  private isRestDue = true;
  private animationFrame = 0;
  private frames = 0;
  private lastFrameMilliseconds = 0;
  private isDisposed = false;
  private readonly budget = new Budget();
  private readonly nearby = new Nearby();
  private hurriedUntil = 0;
  private lastTick: number | null = null;
  /** Points of the picture on the screen; fewer than all where it was drawn in a hurry. */
  private nOnScreen = 0;

  constructor(
    readonly surface: Surface,
    private readonly gl: GL,
    private readonly paper: CanvasRenderingContext2D,
    private readonly picker: Picker,
    private theme: Theme,
    private readonly onRest: () => void,
  ) {
    this.colors = themeColors(theme);
    this.renderer = new Renderer(gl);
    this.full = new FullPicture(gl, this.renderer, this.budget);
    this.wake();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.colors = themeColors(theme);
    this.redraw();
  }

  fly(camera: CameraState, milliseconds: number, onArrival?: () => void): void {
    this.motion.fly(camera, milliseconds, performance.now(), onArrival);
    this.redraw();
  }

  /** The picture is out of date, and with it the overlay. */
  redraw(): void {
    this.isProjectionStale = true;
    this.isRestDue = true;
    this.repaint();
  }

  /** Only the overlay is out of date. */
  repaint(): void {
    this.isOverlayStale = true;
    this.wake();
  }

  wake(): void {
    if (this.animationFrame !== 0 || this.isDisposed) return;
    this.animationFrame = requestAnimationFrame((now) => this.tick(now));
  }

  drawNow(): void {
    if (this.isDisposed) return;
    this.advance(performance.now());
    this.drawStale();
    this.wake();
  }

  view(): View {
    const { camera, perspective, depth } = this.motion;
    return viewOf(camera, this.surface.viewport, perspective, depth);
  }

  stats(): CloudStats {
    const { scene, renderer } = this;
    const nMissing = scene.nPoints - scene.transition.to.fit.nFinite;
    return {
      pointsDrawn: Math.max(0, scene.nPoints - scene.counts.hidden - nMissing),
      drawCalls: renderer?.drawCalls ?? 0,
      lastFrameMilliseconds: this.lastFrameMilliseconds,
      frames: this.frames,
      isWhole: this.isWhole,
      bytesUploaded: bytesUploaded(),
    };
  }

  /** The picture with its overlay, drawn anew at `scale` times the screen's resolution. */
  toCanvas(scale: number): HTMLCanvasElement {
    const { renderer, gl, surface } = this;
    if (renderer === null) throw new Error("The picture is lost until WebGL is restored");
    const { width, height } = surface.canvas;
    const limit = gl.getParameter(gl.MAX_RENDERBUFFER_SIZE) as number;
    const most = Math.min(limit / Math.max(width, height), Math.sqrt(MAX_PIXELS / width / height));
    const frame = this.frame(surface.pixelRatio * Math.min(Math.max(scale, 0.1), most));
    const canvas = document.createElement("canvas");
    canvas.width = frame.width;
    canvas.height = frame.height;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("The browser gives no canvas for the image");
    const pixels = this.pixelsOf(renderer, frame);
    context.putImageData(new ImageData(pixels, frame.width, frame.height), 0, 0);
    this.overlay.paint(context, this.overlayInput(frame));
    return canvas;
  }

  /** The picture as it stands, with its labels as texts. */
  toSvg(): string {
    const { scene, surface, paper } = this;
    const frame = this.frame(surface.pixelRatio);
    const font = { family: surface.fontFamily, size: surface.fontSize };
    const { view, appearance } = frame;
    const labels = this.overlay.labels.place(paper, scene, view, appearance, font);
    const isRaster = scene.nPoints > MAX_CIRCLES || scene.drawsSprites || scene.drawsDensity;
    const raster = isRaster ? this.rasterOf() : null;
    return svgOf(scene, view, appearance, this.theme, labels, font.family, raster);
  }

  /** The points alone, at twice the screen's resolution. */
  private rasterOf(): string {
    const frame = this.frame(this.surface.pixelRatio * 2);
    const canvas = document.createElement("canvas");
    canvas.width = frame.width;
    canvas.height = frame.height;
    if (this.renderer !== null) {
      const pixels = this.pixelsOf(this.renderer, frame);
      const image = new ImageData(pixels, frame.width, frame.height);
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    }
    return canvas.toDataURL("image/png");
  }

  /** Of these points, those that are seen in a region and not only stand in it behind others. */
  inFront(rows: Uint32Array, region: Region): Uint32Array {
    const window = windowOf(region, this.surface.viewport);
    if (this.renderer === null || window === null) return rows;
    const view = this.view();
    const seen = this.renderer.seenIn(this.scene, view, this.appearance(view), window);
    return rows.filter((row) => seen[row] === 1);
  }

  /** The context is gone; everything needed to draw again is in the scene. */
  lose(): void {
    this.renderer = null;
    this.full = null;
  }

  restore(): void {
    this.renderer = new Renderer(this.gl);
    this.full = new FullPicture(this.gl, this.renderer, this.budget);
    this.picker.forget();
    this.redraw();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    cancelAnimationFrame(this.animationFrame);
    this.full?.dispose();
    this.renderer?.dispose();
    this.full = null;
    this.renderer = null;
    // A browser keeps few contexts and frees this one only when it collects garbage.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** A hand moves the camera: until it rests, quick frames matter more than every point. */
  hurry(): void {
    this.hurriedUntil = performance.now() + this.budget.restMilliseconds;
    this.wake();
  }

  private get isHurried(): boolean {
    return this.scene.isMoving || this.motion.isMoving || performance.now() < this.hurriedUntil;
  }

  private tick(now: number): void {
    this.animationFrame = 0;
    this.advance(now);
    const isHurried = this.isHurried;
    // Only ticks that follow each other say how long a frame took.
    if (isHurried && this.lastTick !== null) {
      this.budget.gap(now - this.lastTick, this.scene.nPoints);
    }
    this.lastTick = isHurried ? now : null;
    const isDrawn = this.drawStale() || (!isHurried && this.drawRest());
    const isMoving = this.scene.isMoving || this.motion.isMoving;
    // What stands under a resting pointer may be another point now.
    if (isDrawn && !isMoving) this.picker.askAgain();
    this.answer(isMoving || isHurried);
    // Without a renderer there is nothing to go on with until it is back.
    const isUnderWay = !this.isWhole || this.full?.hasWork || this.picker.hasWork;
    if (isMoving || isHurried || (this.renderer !== null && isUnderWay)) this.wake();
    else this.sayRest();
  }

  /** Go on with questions about what is under the pointer. */
  private answer(isUnsteady: boolean): void {
    const { renderer, scene, budget } = this;
    if (renderer === null) return;
    const isQuick = budget.atOnce(scene.nPoints) === scene.nPoints;
    // What moves would have to be noted anew in every frame: the answer waits until it rests.
    if (isUnsteady && !isQuick) return;
    const view = this.view();
    const nearby = isQuick ? null : this.nearby;
    this.picker.step({ renderer, scene, view, appearance: this.appearance(view), nearby });
  }

  /** A new overlay alone, as under every move of the pointer, is no change of the picture. */
  private sayRest(): void {
    if (!this.isRestDue) return;
    this.isRestDue = false;
    this.onRest();
  }

  private advance(now: number): void {
    const isSceneMoved = this.scene.advance(now);
    const isCameraMoved = this.motion.advance(now);
    if (!isSceneMoved && !isCameraMoved) return;
    this.isProjectionStale = true;
    this.isRestDue = true;
    this.isOverlayStale = true;
  }

  /** What is being drawn for the screen meanwhile begins anew: passes keep what they add up. */
  private pixelsOf(renderer: Renderer, frame: Frame): Uint8ClampedArray<ArrayBuffer> {
    this.full?.giveUp();
    return renderer.drawToPixels(this.scene, frame);
  }

  /** True if the WebGL picture was drawn, perhaps without all its points. */
  private drawStale(): boolean {
    const { renderer, scene, full } = this;
    if (renderer === null || !(this.isProjectionStale || this.isOverlayStale)) return false;
    const start = performance.now();
    const { nPoints } = scene;
    const isDrawing = this.isProjectionStale;
    const { isHurried, budget } = this;
    if (isDrawing) this.nOnScreen = isHurried ? budget.take(nPoints) : budget.atOnce(nPoints);
    const share = this.nOnScreen / Math.max(1, nPoints);
    const frame = this.frame(this.surface.pixelRatio, share);
    if (isDrawing) {
      full?.giveUp();
      renderer.draw(scene, frame, this.nOnScreen);
      if (!isHurried) full?.watch(this.nOnScreen);
      this.frames++;
    }
    this.paper.clearRect(0, 0, this.paper.canvas.width, this.paper.canvas.height);
    this.overlay.paint(this.paper, this.overlayInput(frame));
    this.isProjectionStale = false;
    this.isOverlayStale = false;
    if (isDrawing) this.lastFrameMilliseconds = performance.now() - start;
    return isDrawing;
  }

  /** The hand rests: go on with the picture of all points. True if it is now on the screen. */
  private drawRest(): boolean {
    const { full, scene } = this;
    if (full === null) return false;
    if (!this.isWhole && !full.isBegun) full.begin(this.frame(this.surface.pixelRatio));
    if (!full.step(scene)) return false;
    this.nOnScreen = scene.nPoints;
    this.frames++;
    return true;
  }

  /** Whether the screen shows all points. */
  private get isWhole(): boolean {
    return !this.isProjectionStale && this.nOnScreen === this.scene.nPoints;
  }

  private appearance(view: View, share = 1): Appearance {
    const { scene } = this;
    return appearanceOf(view, {
      nPoints: scene.counts.plain + scene.emphasized.length,
      nEmphasized: scene.emphasized.length,
      nGhosts: scene.counts.ghost,
      share,
      isUneven: scene.weights.opacity !== null,
      zoom: this.motion.camera.zoom,
      pointScale: scene.pointScale,
      opacityScale: scene.opacityScale,
    });
  }

  private frame(pixelRatio: number, share = 1): Frame {
    const view = this.view();
    return {
      view,
      appearance: this.appearance(view, share),
      colors: this.colors,
      pixelRatio,
      width: Math.max(1, Math.round(view.viewport.width * pixelRatio)),
      height: Math.max(1, Math.round(view.viewport.height * pixelRatio)),
    };
  }

  private overlayInput(frame: Frame): OverlayInput {
    return {
      scene: this.scene,
      view: frame.view,
      appearance: frame.appearance,
      theme: this.theme,
      rotation: this.motion.camera.rotation,
      fontFamily: this.surface.fontFamily,
      fontSize: this.surface.fontSize,
      pixelRatio: frame.pixelRatio,
    };
  }
}
