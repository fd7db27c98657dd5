/**
 * The cloud as the application sees it: it keeps the scene and the camera, decides when something
 * has to be drawn, and draws only then.
 */
import {
  type CameraState,
  HOME_3D,
  lookAt,
  projectPoint,
  sameCamera,
  type Vec3,
  type View,
  type Viewport,
  viewOf,
} from "../model/camera";
import { type Appearance, appearanceOf } from "./appearance";
import { type ThemeColors, themeColors } from "./colors";
import { Controls, type ControlsHost, type Point } from "./controls";
import type { Frame } from "./frame";
import type { GL } from "./gl";
import { pointsInRegion, type Region } from "./lasso";
import { CameraMotion } from "./motion";
import { Overlay, type OverlayInput } from "./overlay";
import { Picker } from "./picker";
import { Renderer } from "./renderer";
import { Scene } from "./scene";
import type { Surface } from "./surface";
import { pointAt } from "./transition";
import type {
  Cloud,
  CloudEvents,
  CloudStats,
  Coloring,
  PointLabel,
  Positions,
  ScreenPoint,
  SelectMode,
  SpriteSheet,
  Theme,
  Tool,
} from "./types";

/** Long enough to follow single points with the eye, short enough not to wait for them. */
const TRANSITION_MILLISECONDS = 700;
const FLIGHT_MILLISECONDS = 550;

/** One point alone has no extent: fly this near, or stay if nearer already. */
const NEAR_ZOOM = 4;
const MAX_FLIGHT_ZOOM = 60;

export interface CloudOptions {
  readonly reducedMotion: boolean;
  readonly theme: Theme;
}

export class WebGLCloud implements Cloud, ControlsHost {
  private readonly scene = new Scene();
  private readonly motion = new CameraMotion(HOME_3D);
  private readonly overlay = new Overlay();
  private readonly picker: Picker;
  private readonly controls: Controls;
  private renderer: Renderer | null;
  private colors: ThemeColors;
  private theme: Theme;
  private currentTool: Tool = "navigate";
  private isPictureStale = true;
  private isOverlayStale = true;
  private animationFrame = 0;
  private frames = 0;
  private lastFrameMilliseconds = 0;
  private isDisposed = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly surface: Surface,
    private readonly gl: GL,
    private readonly paper: CanvasRenderingContext2D,
    private readonly events: CloudEvents,
    private readonly options: CloudOptions,
  ) {
    this.theme = options.theme;
    this.colors = themeColors(options.theme);
    this.renderer = new Renderer(gl);
    this.picker = new Picker((index) => {
      this.controls.showCursor(index !== null);
      events.onHover(index);
    });
    this.controls = new Controls(surface.canvas, this);
    const { signal } = this.abort;
    surface.canvas.addEventListener("webglcontextlost", (event) => this.lose(event), { signal });
    surface.canvas.addEventListener("webglcontextrestored", () => this.restore(), { signal });
    this.wake();
  }

  setPositions(positions: Positions, options?: { readonly animateMilliseconds?: number }): void {
    const wanted = options?.animateMilliseconds ?? TRANSITION_MILLISECONDS;
    const nBefore = this.scene.nPoints;
    this.scene.setPositions(positions, this.duration(wanted), performance.now());
    if (this.scene.nPoints !== nBefore) {
      this.overlay.hover = null;
      this.overlay.labels.setLabels([]);
    }
    this.redraw();
  }

  setColoring(coloring: Coloring): void {
    this.scene.setColoring(coloring);
    this.redraw();
  }

  setFlags(flags: Uint8Array): void {
    this.scene.setFlags(flags);
    this.redraw();
  }

  setHover(index: number | null): void {
    if (this.overlay.hover === index) return;
    this.overlay.hover = index;
    this.repaint();
  }

  setSprites(sheet: SpriteSheet | null): void {
    this.scene.setSprites(sheet);
    this.redraw();
  }

  showSprites(show: boolean): void {
    this.scene.areSpritesShown = show;
    this.redraw();
  }

  setLabels(labels: readonly PointLabel[]): void {
    this.overlay.labels.setLabels(labels);
    this.repaint();
  }

  setEdges(pairs: Uint32Array): void {
    this.scene.setEdges(pairs);
    this.redraw();
  }

  setPointScale(scale: number): void {
    this.scene.pointScale = scale;
    this.redraw();
  }

  setOpacityScale(scale: number): void {
    this.scene.opacityScale = scale;
    this.redraw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.colors = themeColors(theme);
    this.redraw();
  }

  setTool(tool: Tool): void {
    this.currentTool = tool;
    this.controls.showCursor();
  }

  setCamera(camera: CameraState, options?: { readonly animateMilliseconds?: number }): void {
    // A store that echoes what onCamera or camera() told it must not stop the flight.
    if (sameCamera(camera, this.motion.goal)) return;
    this.fly(camera, options?.animateMilliseconds ?? 0);
  }

  camera(): CameraState {
    return this.motion.goal;
  }

  flyTo(indices: readonly number[]): void {
    const target = { ...this.scene.transition, from: null, progress: 1 };
    const points = indices.map((index) => pointAt(target, index)).filter((point) => point !== null);
    if (points.length === 0) return;
    const { center, radius } = surrounding(points);
    const { zoom } = this.motion.goal;
    const isExtended = radius > 1e-6;
    const most = isExtended ? MAX_FLIGHT_ZOOM : Math.max(NEAR_ZOOM, zoom);
    const camera = lookAt(this.motion.goal, center, radius * 1.35, most);
    this.fly(camera, FLIGHT_MILLISECONDS);
  }

  screenPosition(index: number): ScreenPoint | null {
    const point = pointAt(this.scene.transition, index);
    if (point === null) return null;
    const { x, y, depth } = projectPoint(this.view(), point);
    return { x, y, depth };
  }

  stats(): CloudStats {
    const { scene, renderer } = this;
    const nMissing = scene.nPoints - scene.transition.to.fit.nFinite;
    return {
      pointsDrawn: Math.max(0, scene.nPoints - scene.counts.hidden - nMissing),
      drawCalls: renderer?.drawCalls ?? 0,
      lastFrameMilliseconds: this.lastFrameMilliseconds,
      frames: this.frames,
    };
  }

  async toBlob(scale: number): Promise<Blob> {
    const { renderer, gl, surface } = this;
    if (renderer === null) throw new Error("The picture is lost until WebGL is restored");
    const limit = gl.getParameter(gl.MAX_RENDERBUFFER_SIZE) as number;
    const longer = Math.max(surface.canvas.width, surface.canvas.height);
    const pixelRatio = surface.pixelRatio * Math.min(Math.max(scale, 0.1), limit / longer);
    const frame = this.frame(pixelRatio);
    const canvas = document.createElement("canvas");
    canvas.width = frame.width;
    canvas.height = frame.height;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("The browser gives no canvas for the image");
    const pixels = renderer.drawToPixels(this.scene, frame);
    context.putImageData(new ImageData(pixels, frame.width, frame.height), 0, 0);
    this.overlay.paint(context, this.overlayInput(frame));
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error("The browser could not encode the image"));
        else resolve(blob);
      }, "image/png");
    });
  }

  drawNow(): void {
    if (this.isDisposed) return;
    this.advance(performance.now());
    this.drawStale();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    cancelAnimationFrame(this.animationFrame);
    this.abort.abort();
    this.controls.dispose();
    this.renderer?.dispose();
    this.renderer = null;
    this.surface.dispose();
  }

  // What the controls ask and tell.

  viewport(): Viewport {
    return this.surface.viewport;
  }

  tool(): Tool {
    return this.currentTool;
  }

  moveCamera(camera: CameraState, isJump: boolean): void {
    if (isJump) {
      this.fly(camera, FLIGHT_MILLISECONDS, () => this.events.onCamera(camera));
      return;
    }
    this.motion.jump(camera);
    this.redraw();
    this.events.onCamera(camera);
  }

  pointAt(at: Point | null): void {
    this.picker.pointAt(at);
    this.wake();
  }

  click(at: Point, mode: SelectMode): void {
    this.picker.click(at, (index) => this.events.onClick(index, mode));
    this.wake();
  }

  drawRegion(region: Region | null): void {
    this.overlay.region = region;
    this.repaint();
  }

  select(region: Region, mode: SelectMode): void {
    this.events.onSelect(pointsInRegion(this.scene, this.view(), region), mode);
  }

  /** The surface has a new size: drawn at once, because resizing cleared it. */
  resized(): void {
    this.redraw();
    this.drawNow();
  }

  private fly(camera: CameraState, milliseconds: number, onArrival?: () => void): void {
    this.motion.fly(camera, this.duration(milliseconds), performance.now(), onArrival);
    this.redraw();
  }

  private duration(milliseconds: number): number {
    return this.options.reducedMotion ? 0 : milliseconds;
  }

  private redraw(): void {
    this.isPictureStale = true;
    this.repaint();
  }

  private repaint(): void {
    this.isOverlayStale = true;
    this.wake();
  }

  /** Ask for one animation frame; without a reason no frame ever runs. */
  private wake(): void {
    if (this.animationFrame !== 0 || this.isDisposed) return;
    this.animationFrame = requestAnimationFrame((now) => this.tick(now));
  }

  private tick(now: number): void {
    this.animationFrame = 0;
    this.advance(now);
    const isDrawn = this.drawStale();
    const isMoving = this.scene.isMoving || this.motion.isMoving;
    if (isDrawn && !isMoving && !this.controls.isDragging) this.picker.askAgain();
    if (this.renderer !== null && !isMoving) {
      const view = this.view();
      this.picker.step(this.renderer, this.scene, view, this.appearance(view));
    }
    if (isMoving || (this.renderer !== null && this.picker.hasWork)) this.wake();
  }

  private advance(now: number): void {
    const isSceneMoved = this.scene.advance(now);
    const isCameraMoved = this.motion.advance(now);
    if (!isSceneMoved && !isCameraMoved) return;
    this.isPictureStale = true;
    this.isOverlayStale = true;
  }

  /** True if the WebGL picture was drawn. */
  private drawStale(): boolean {
    if (this.renderer === null) return false;
    const isDrawing = this.isPictureStale;
    const start = performance.now();
    const frame = this.frame(this.surface.pixelRatio);
    if (isDrawing) {
      this.isPictureStale = false;
      this.renderer.draw(this.scene, frame);
      this.frames++;
    }
    if (this.isOverlayStale) {
      this.isOverlayStale = false;
      this.paper.clearRect(0, 0, this.paper.canvas.width, this.paper.canvas.height);
      this.overlay.paint(this.paper, this.overlayInput(frame));
    }
    if (isDrawing) this.lastFrameMilliseconds = performance.now() - start;
    return isDrawing;
  }

  private view(): View {
    return viewOf(this.motion.camera, this.surface.viewport, this.motion.perspective);
  }

  private appearance(view: View): Appearance {
    const { scene } = this;
    return appearanceOf(view, {
      nPoints: scene.counts.plain + scene.emphasized.length,
      nEmphasized: scene.emphasized.length,
      zoom: this.motion.camera.zoom,
      pointScale: scene.pointScale,
      opacityScale: scene.opacityScale,
    });
  }

  private frame(pixelRatio: number): Frame {
    const view = this.view();
    return {
      view,
      appearance: this.appearance(view),
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
      pixelRatio: frame.pixelRatio,
    };
  }

  private lose(event: Event): void {
    // Without this the browser never gives the context back.
    event.preventDefault();
    this.renderer = null;
    this.events.onStatus("lost");
  }

  private restore(): void {
    this.renderer = new Renderer(this.gl);
    this.picker.forget();
    this.redraw();
    this.events.onStatus("ok");
  }
}

/** Middle of the bounding box, and the distance of the farthest point from it. */
function surrounding(points: readonly Vec3[]): { center: Vec3; radius: number } {
  const middle = (k: 0 | 1 | 2) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      low = Math.min(low, point[k]);
      high = Math.max(high, point[k]);
    }
    return (low + high) / 2;
  };
  const center: Vec3 = [middle(0), middle(1), middle(2)];
  let radius = 0;
  for (const [x, y, z] of points) {
    radius = Math.max(radius, Math.hypot(x - center[0], y - center[1], z - center[2]));
  }
  return { center, radius };
}
