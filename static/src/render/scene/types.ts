/**
 * What the renderer takes and gives: typed arrays and a camera. It knows no panel, no store and no
 * server; `app/view/plot.ts` connects it to them.
 */
import type { CameraState, Lens, Turning } from "../../model/camera/camera";
import type { Coloring } from "../../model/color/color-style";
import type { Sprite as SpriteSheet } from "../../model/data/sprite";
import type { Positions } from "../../model/projection/projection";
import type { SelectMode } from "../../model/view/selection";
import type { Reach, Tool } from "../../model/view/tool";
import type { Weights } from "./weights";

export { POINT_FLAG as FLAG } from "../../model/view/point-flags";
export type { Coloring, Positions, Reach, SelectMode, SpriteSheet, Tool };

/** A label to be placed next to its point where there is room; the first in the list wins. */
export interface PointLabel {
  readonly index: number;
  readonly text: string;
  /** Emphasized labels (hover, selection) are always placed and drawn stronger. */
  readonly emphasized: boolean;
  /** Drawn lighter: one of many. */
  readonly isQuiet?: boolean;
  /** For the name of a cluster, which stands on its points and answers to the pointer. */
  readonly cluster?: ClusterMark;
}

/** When the name of a cluster is seen: broad ones far away, finer ones near. */
export interface ClusterMark {
  /** 0 is the finest level. */
  readonly level: number;
  /** Mean distance of its points from the label's, in the unit of the positions. */
  readonly radius: number;
  /** The same of those nearer than that: of the part that it is written on. */
  readonly reach: number;
  /** Whether it gives way to finer names where it is seen large. */
  readonly hasParts: boolean;
  /** The coarser cluster that holds it, and that has to be seen large before this one is. */
  readonly above: { readonly index: number; readonly radius: number } | null;
}

/** A name of a cluster under the pointer, and where that is; CSS pixels. */
export interface PointedLabel {
  readonly label: PointLabel;
  readonly x: number;
  readonly y: number;
}

export interface Theme {
  /** CSS colors. */
  readonly background: string;
  readonly text: string;
  readonly textHalo: string;
  readonly ghost: string;
  readonly selectedRing: string;
  readonly hoverRing: string;
  readonly axes: string;
}

export interface CloudEvents {
  /** The point under the pointer, or null when it leaves; at most once a frame. */
  onHover(index: number | null): void;
  /** A click on a point, or on empty space (null). */
  onClick(index: number | null, mode: SelectMode): void;
  /** The name of a cluster under the pointer, or null when it leaves. */
  onLabel(pointed: PointedLabel | null): void;
  /** A click on the name of a cluster. */
  onLabelClick(label: PointLabel, mode: SelectMode): void;
  /** A finished box or lasso: every not-hidden, not-ghost point inside, also behind others. */
  onSelect(indices: Uint32Array, mode: SelectMode): void;
  /** The user moved the camera (not called for programmatic changes). */
  onCamera(camera: CameraState): void;
  /** Nothing moves and nothing is left to draw; called after every change of the picture. */
  onRest(): void;
  /** At rest the screen lacks some of the points, which are being drawn; or has all of them again. */
  onWhole(isWhole: boolean): void;
  /** Context loss and restoration, or WebGL2 missing. */
  onStatus(status: "ok" | "lost" | "unavailable"): void;
}

export interface CloudStats {
  readonly pointsDrawn: number;
  readonly drawCalls: number;
  readonly lastFrameMilliseconds: number;
  /** Frames drawn since the start; stands still while nothing changes. */
  readonly frames: number;
  /** Whether the picture on the screen has all points; while it moves it may lack some. */
  readonly isWhole: boolean;
  /** Bytes of points that went to the GPU since the start. */
  readonly bytesUploaded: number;
}

interface ScreenPoint {
  /** CSS pixels from the canvas's top left corner. */
  readonly x: number;
  readonly y: number;
  /** 0 near … 1 far; outside that range the point is clipped. */
  readonly depth: number;
}

/** How a 3D view is seen and turned. */
interface ViewOptics {
  readonly turning: Turning;
  readonly lens: Lens;
  /** Whether distant points fade. */
  readonly fog: boolean;
}

/** Where things are on the screen at the moment; null for what is not in view. */
export interface Places {
  /** A point; null also where it is hidden or filtered out. */
  pointAt(index: number): ScreenPoint | null;
  /** Coordinates in the unit of the positions, from an offset on. */
  placeAt(values: ArrayLike<number>, offset: number): ScreenPoint | null;
}

/** What painters draw on: a canvas, or whatever remembers lines and circles. */
export interface Paper {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  globalAlpha: number;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
  stroke(): void;
  fill(): void;
  /** Images are painted between the two, in units of their own pixels. */
  save(): void;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  drawImage(image: HTMLCanvasElement, x: number, y: number): void;
  restore(): void;
}

/** Paints over the points, at every change of what is seen of them; in CSS pixels. */
export type Painter = (context: Paper, places: Places, theme: Theme) => void;

export interface Cloud {
  /** Whether this browser can draw a density. */
  readonly canDrawDensity: boolean;
  /** Move to new positions; same number of points animates from where each point is seen now. */
  setPositions(positions: Positions, options?: { readonly animateMilliseconds?: number }): void;
  setColoring(coloring: Coloring): void;
  /** n_points FLAG bytes. */
  setFlags(flags: Uint8Array): void;
  setHover(index: number | null): void;
  setSprites(sheet: SpriteSheet | null): void;
  /** Sprites are drawn instead of dots when a sheet is set and this is true. */
  showSprites(show: boolean): void;
  setLabels(labels: readonly PointLabel[]): void;
  /** Lines between pairs of points: 2 indices a line, and perhaps how opaque each is. */
  setEdges(pairs: Uint32Array, opacities?: Float32Array | null): void;
  /** Paint something of one's own over the points, each under a name; null for nothing more. */
  setPainter(name: string, painter: Painter | null): void;
  /** Sizes and opacities of single points. */
  setWeights(weights: Weights): void;
  setOptics(optics: ViewOptics): void;
  /** Multiplies the automatic size (by density); 1 is automatic. */
  setPointScale(scale: number): void;
  /** Multiplies the automatic opacity; 1 is automatic. */
  setOpacityScale(scale: number): void;
  /** Draw how densely points lie instead of each of them; `smoothing` in CSS pixels. */
  setDensity(isDensity: boolean, smoothing: number): void;
  setTheme(theme: Theme): void;
  setTool(tool: Tool): void;
  setReach(reach: Reach): void;
  setCamera(camera: CameraState, options?: { readonly animateMilliseconds?: number }): void;
  camera(): CameraState;
  flyTo(indices: readonly number[]): void;
  screenPosition(index: number): ScreenPoint | null;
  /** Ascending rows of the points in view that are not ghosts; null if more than `atMost`. */
  pointsInView(atMost: number): Uint32Array | null;
  /** The most important points in view, with some room around each; larger is more important. */
  standouts(importance: ArrayLike<number> | null): Uint32Array;
  /** The share of the drawn points that are in view, 0 to 1; 1 where none is drawn. */
  shareInView(): number;
  stats(): CloudStats;
  /** The picture as it stands, at `scale` times the screen's resolution. */
  toBlob(scale: number): Promise<Blob>;
  /** The picture as it stands, as SVG with texts for labels. */
  toSvg(): Promise<string>;
  /** Draw at once if something changed (tests read pixels right after). */
  drawNow(): void;
  dispose(): void;
}

export interface CloudOptions {
  /** Movements end at once: points and camera jump. */
  readonly reducedMotion: boolean;
  readonly theme: Theme;
  /** Names this cloud for screen readers; "Point cloud" where nothing is given. */
  readonly label?: string;
}

export type CreateCloud = (host: HTMLElement, events: CloudEvents, options: CloudOptions) => Cloud;
