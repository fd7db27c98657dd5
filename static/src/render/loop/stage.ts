/**
 * The draw loop of one cloud: its scene, camera and overlay, and when they have to be drawn again.
 * An animation frame is requested only when there is a reason.
 */
import { type CameraState, HOME_3D, type View, viewOf } from "../../model/camera/camera";
import { type ThemeColors, themeColors } from "../gpu/colors";
import type { Frame } from "../gpu/frame";
import type { UploadMeter } from "../gpu/gl";
import type { Graphics, Screen } from "../gpu/graphics";
import { Renderer } from "../gpu/renderer";
import { ScreenGrid } from "../input/cpu-picking";
import { type Region, windowOf } from "../input/lasso";
import { Overlay, type OverlayInput } from "../overlay/overlay";
import { type Appearance, appearanceOf } from "../scene/appearance";
import { Scene } from "../scene/scene";
import type { CloudEvents, CloudStats, Theme } from "../scene/types";
import { CameraMotion } from "./camera-motion";
import type { BudgetShare } from "./frame-budget";
import type { FramePace } from "./frame-pace";
import type { HoverQueries } from "./hover-queries";
import { ProgressivePicture } from "./progressive-picture";
import type { Surface } from "./surface";

/** Of an exported image: a poster at 200 dots per inch, and 256 MB while it is made. */
const MAX_PIXELS = 64e6;

export class Stage {
  readonly scene: Scene;
  readonly motion = new CameraMotion(HOME_3D);
  readonly overlay = new Overlay();
  private renderer: Renderer | null = null;
  private progressive: ProgressivePicture | null = null;
  private readonly screen: Screen;
  private colors: ThemeColors;
  private arePointsStale = true;
  private isOverlayStale = true;
  /** Whether the picture changed since onRest() was last called. */
  private isRestDue = true;
  private frames = 0;
  private lastFrameMilliseconds = 0;
  private isDisposed = false;
  private readonly uploads: UploadMeter = { bytes: 0 };
  private readonly budget: BudgetShare;
  private readonly grid = new ScreenGrid();
  /** When the camera counts as standing still again after it was moved by hand. */
  private interactionEnd = 0;
  /** Points of the picture on the screen; fewer than all where it had to be drawn quickly. */
  private nOnScreen = 0;
  /** What onWhole() was told last. */
  private wasWhole = true;

  constructor(
    readonly surface: Surface,
    private readonly graphics: Graphics,
    private readonly paper: CanvasRenderingContext2D,
    private readonly queries: HoverQueries,
    private theme: Theme,
    private readonly pace: FramePace,
    private readonly events: Pick<CloudEvents, "onRest" | "onWhole" | "onStatus">,
  ) {
    this.scene = new Scene(pace.flags);
    this.budget = pace.budget.join();
    this.colors = themeColors(theme);
    this.screen = graphics.join({ onLost: () => this.lose(), onRestored: () => this.restore() });
    this.prepare();
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
    this.arePointsStale = true;
    this.isRestDue = true;
    this.budget.await(this.scene.nPoints);
    this.repaint();
  }

  /** Only the overlay is out of date. */
  repaint(): void {
    this.isOverlayStale = true;
    this.wake();
  }

  wake(): void {
    if (!this.isDisposed) this.pace.ticker.request(this.tick);
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
      bytesUploaded: this.uploads.bytes,
    };
  }

  /** The picture with its overlay, drawn anew at `scale` times the screen's resolution. */
  toCanvas(scale: number): HTMLCanvasElement {
    const { renderer, surface } = this;
    const { gl } = this.graphics;
    if (renderer === null) throw new Error("The image cannot be drawn until WebGL is restored.");
    const { width, height } = surface;
    const limit = gl.getParameter(gl.MAX_RENDERBUFFER_SIZE) as number;
    const most = Math.min(limit / Math.max(width, height), Math.sqrt(MAX_PIXELS / width / height));
    const frame = this.frame(surface.pixelRatio * Math.min(Math.max(scale, 0.1), most));
    const canvas = document.createElement("canvas");
    canvas.width = frame.width;
    canvas.height = frame.height;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("The browser could not create a canvas for the image.");
    const pixels = this.pixelsOf(renderer, frame);
    context.putImageData(new ImageData(pixels, frame.width, frame.height), 0, 0);
    this.overlay.paint(context, this.overlayInput(frame));
    return canvas;
  }

  /** The picture as it stands, with its labels as texts; the code for it comes when it is needed. */
  async toSvg(): Promise<string> {
    const { MAX_CIRCLES, svgOf } = await import("../overlay/svg");
    const { scene, surface, paper } = this;
    const frame = this.frame(surface.pixelRatio);
    const font = { family: surface.fontFamily, size: surface.fontSize };
    const { view, appearance } = frame;
    const labels = this.overlay.labels.place(paper, scene, view, appearance, font);
    const isRaster = scene.nPoints > MAX_CIRCLES || scene.drawsSprites || scene.drawsDensity;
    const raster = isRaster ? this.rasterOf() : null;
    const painters = this.overlay.painters.values();
    return svgOf(scene, view, appearance, this.theme, labels, font.family, raster, painters);
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

  /** Of these points, those that are visible in a region; others in it are covered. */
  inFront(rows: Uint32Array, region: Region): Uint32Array {
    const window = windowOf(region, this.surface.viewport);
    if (this.renderer === null || window === null) return rows;
    const view = this.view();
    const visible = this.renderer.visibleIn(this.scene, view, this.appearance(view), window);
    return rows.filter((row) => visible[row] === 1);
  }

  /** The context is lost; everything needed to draw again is in the scene. */
  private lose(): void {
    this.renderer = null;
    this.progressive = null;
    // What was on its way is lost, too: other views wait for none of it.
    this.budget.load(0);
    this.events.onStatus("lost");
  }

  private restore(): void {
    this.prepare();
    this.queries.reset();
    this.redraw();
    this.events.onStatus("ok");
  }

  private prepare(): void {
    const { shared, gl } = this.graphics;
    // Until it is restored there is nothing to draw with.
    if (gl.isContextLost()) return;
    this.renderer = new Renderer(shared, this.uploads);
    this.progressive = new ProgressivePicture(gl, this.screen, this.renderer, this.budget);
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.pace.ticker.cancel(this.tick);
    this.budget.leave();
    this.progressive?.dispose();
    this.renderer?.dispose();
    this.progressive = null;
    this.renderer = null;
    this.screen.leave();
  }

  /** The camera is moved by hand: until it rests, quick frames matter more than every point. */
  interact(): void {
    this.interactionEnd = performance.now() + this.budget.restMilliseconds;
    this.wake();
  }

  /** Whether points or camera move by themselves. */
  private get isAnimating(): boolean {
    return this.scene.isMoving || this.motion.isMoving;
  }

  /** Whether the picture moves, by itself or by hand. */
  private get isMoving(): boolean {
    return this.isAnimating || performance.now() < this.interactionEnd;
  }

  private readonly tick = (now: number): void => {
    if (this.isDisposed) return;
    this.budget.begin(now);
    this.advance(now);
    const { isMoving } = this;
    if (isMoving) this.budget.move(now, this.scene.nPoints);
    else this.budget.rest();
    const isDrawn = this.drawStale() || (!isMoving && this.drawRest());
    // Another point may be under a resting pointer now.
    if (isDrawn && !this.isAnimating) this.queries.repeat();
    this.answerQueries(isMoving);
    if (!isMoving) this.reportWhole();
    // Without a renderer there is nothing to go on with until it is back.
    const isUnderWay = !this.isWhole || this.progressive?.hasWork || this.queries.hasWork;
    if (isMoving || (this.renderer !== null && isUnderWay)) this.wake();
    else this.reportRest();
  };

  /** Go on with queries for the point under the pointer. */
  private answerQueries(isMoving: boolean): void {
    const { renderer, scene, budget } = this;
    if (renderer === null) return;
    const isQuick = budget.isQuick(scene.nPoints);
    // The grid would have to be filled anew in every frame of a movement: the answer waits.
    if (isMoving && !isQuick) return;
    const view = this.view();
    const grid = isQuick ? null : this.grid;
    this.queries.step({ renderer, scene, view, appearance: this.appearance(view), grid });
  }

  /** A new overlay alone, as at every move of the pointer, is no change of the picture. */
  private reportRest(): void {
    if (!this.isRestDue) return;
    this.isRestDue = false;
    this.events.onRest();
  }

  /** While it moves, everybody sees that it is quick and not exact. */
  private reportWhole(): void {
    const isWhole = this.isWhole || this.renderer === null;
    if (isWhole === this.wasWhole) return;
    this.wasWhole = isWhole;
    this.events.onWhole(isWhole);
  }

  private advance(now: number): void {
    const isSceneMoved = this.scene.advance(now);
    const isCameraMoved = this.motion.advance(now);
    if (!isSceneMoved && !isCameraMoved) return;
    this.arePointsStale = true;
    this.isRestDue = true;
    this.isOverlayStale = true;
  }

  /** What is being drawn for the screen begins anew: passes hold intermediate results. */
  private pixelsOf(renderer: Renderer, frame: Frame): Uint8ClampedArray<ArrayBuffer> {
    this.progressive?.abandon();
    return renderer.drawToPixels(this.scene, frame);
  }

  /** Draw what is out of date. True if points were drawn, perhaps not all of them. */
  private drawStale(): boolean {
    const { renderer, scene, progressive } = this;
    if (renderer === null || !(this.arePointsStale || this.isOverlayStale)) return false;
    const start = performance.now();
    const { nPoints } = scene;
    const isDrawing = this.arePointsStale;
    const { isMoving, budget } = this;
    if (isDrawing) {
      this.nOnScreen = isMoving ? budget.motionLimit(nPoints) : budget.restLimit(nPoints);
    }
    const share = this.nOnScreen / Math.max(1, nPoints);
    const frame = this.frame(this.surface.pixelRatio, share);
    if (isDrawing) {
      progressive?.abandon();
      this.screen.begin(frame.width, frame.height);
      renderer.draw(scene, frame, this.nOnScreen);
      this.surface.show(this.screen.take());
      if (!isMoving) progressive?.measure(this.nOnScreen);
      this.frames++;
    }
    this.paper.clearRect(0, 0, this.paper.canvas.width, this.paper.canvas.height);
    this.overlay.paint(this.paper, this.overlayInput(frame));
    this.arePointsStale = false;
    this.isOverlayStale = false;
    if (isDrawing) {
      this.lastFrameMilliseconds = performance.now() - start;
      this.pace.times.record(this.lastFrameMilliseconds);
    }
    return isDrawing;
  }

  /** At rest: go on with the picture of all points. True if it is now on the screen. */
  private drawRest(): boolean {
    const { progressive, scene } = this;
    if (progressive === null) return false;
    if (!this.isWhole && !progressive.isBegun) {
      progressive.begin(this.frame(this.surface.pixelRatio));
    }
    if (!progressive.step(scene)) return false;
    this.surface.show(this.screen.take());
    this.nOnScreen = scene.nPoints;
    this.frames++;
    return true;
  }

  /** Whether the screen shows all points. */
  private get isWhole(): boolean {
    return !this.arePointsStale && this.nOnScreen === this.scene.nPoints;
  }

  private appearance(view: View, share = 1): Appearance {
    const { scene } = this;
    return appearanceOf(view, {
      nPoints: scene.counts.plain + scene.counts.below + scene.emphasized.length,
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
