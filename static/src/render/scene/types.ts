/**
 * What the renderer takes and gives: typed arrays and a camera. It knows no panel, no store and no
 * server; `app/view/plot.ts` connects it to them.
 */
import type { CameraState, Lens, Turning } from "../../model/camera/camera";
import type { Weights } from "./weights";

/** One byte a point. Bits combine; the renderer draws the strongest: hidden > selected > neighbor > ghost. */
export const FLAG = {
  /** Not drawn and not pickable. */
  hidden: 1,
  /** Filtered out but kept as grey context: drawn small and pale, below the rest, not pickable. */
  ghost: 2,
  /** Drawn on top, larger, with a ring. */
  selected: 4,
  /** A neighbor of the selection: drawn on top, slightly larger. */
  neighbor: 8,
} as const;

export interface Positions {
  /** n_points * dims float32, row-major, as the server sent it. A row with NaN is not drawn. */
  readonly values: Float32Array;
  readonly dims: 2 | 3;
}

/** Each point's color is an index into a palette, so a recolor uploads 2 bytes a point. */
export interface Coloring {
  /** n_points palette indices. */
  readonly codes: Uint16Array;
  /** RGBA bytes, 4 an entry, at most 4096 entries. */
  readonly palette: Uint8Array;
}

/** A sheet of equal tiles, row-major: tile i is point i's image. */
export interface SpriteSheet {
  readonly image: ImageBitmap;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Tiles in one row of the sheet; the sheet need not be square. */
  readonly columns: number;
  readonly nTiles: number;
}

/** A label to be placed next to its point where there is room; the first in the list wins. */
export interface PointLabel {
  readonly index: number;
  readonly text: string;
  /** Emphasized labels (hover, selection) are always placed and drawn stronger. */
  readonly emphasized: boolean;
  /** Drawn lighter: one of many. */
  readonly isQuiet?: boolean;
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

export type SelectMode = "replace" | "add" | "subtract" | "intersect";

export interface CloudEvents {
  /** The point under the pointer, or null when it leaves; at most once a frame. */
  onHover(index: number | null): void;
  /** A click on a point, or on empty space (null). */
  onClick(index: number | null, mode: SelectMode): void;
  /** A finished box or lasso: every not-hidden, not-ghost point inside, also behind others. */
  onSelect(indices: Uint32Array, mode: SelectMode): void;
  /** The user moved the camera (not called for programmatic changes). */
  onCamera(camera: CameraState): void;
  /** Nothing moves and nothing is left to draw; called after every change of the picture. */
  onRest(): void;
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

export interface ScreenPoint {
  /** CSS pixels from the canvas's top left corner. */
  readonly x: number;
  readonly y: number;
  /** 0 near … 1 far; outside that range the point is clipped. */
  readonly depth: number;
}

export type Tool = "navigate" | "box" | "lasso";

/** Whether a box or a lasso takes all points inside, or only those that nothing hides. */
export type Reach = "through" | "front";

/** How a 3D view is seen and turned. */
export interface ViewOptics {
  readonly turning: Turning;
  readonly lens: Lens;
  /** Whether distant points fade. */
  readonly fog: boolean;
}

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
  stats(): CloudStats;
  /** The picture as it stands, at `scale` times the screen's resolution. */
  toBlob(scale: number): Promise<Blob>;
  /** The picture as it stands, as SVG with texts for labels. */
  toSvg(): string;
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
