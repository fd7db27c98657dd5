/** The type of `window.projector`, the page's API for notebooks, tests and scripts. */
import type { CameraState } from "../camera/camera";
import type { Params } from "../projection/method";

export interface PageState {
  readonly run: string | null;
  readonly tensor: string | null;
  readonly step: number | null;
  /** What is drawn now; null before the first projection. */
  readonly method: string | null;
  readonly params: Params;
  readonly dims: 2 | 3;
  /** Whether the drawn positions still move because their projection is being computed. */
  readonly live: boolean;
  /** Whether something is being loaded or computed, or will be without further input. */
  readonly busy: boolean;
  readonly selection: readonly number[];
  readonly hover: number | null;
  readonly color: string | null;
  readonly colorScale: "none" | "categorical" | "numeric";
  readonly label: string | null;
  readonly theme: "light" | "dark";
  readonly sprites: boolean;
  /** What is drawn, also where it was not chosen: many points in 2D are drawn as a density. */
  readonly drawAs: "points" | "density";
  readonly search: string;
  readonly view: CameraState | null;
  readonly connected: boolean;
}

export interface PageStats {
  readonly pointsDrawn: number;
  readonly drawCalls: number;
  readonly lastFrameMilliseconds: number;
  /** Frames drawn since the start; constant while nothing changes. */
  readonly frames: number;
  /** Whether the last frame has all points; while the camera moves it may lack some. */
  readonly isWhole: boolean;
  /** Bytes of points that went to the GPU since the start. */
  readonly bytesUploaded: number;
  /** Frames of positions that came from running projections. */
  readonly streamedFrames: number;
  readonly bytesReceived: number;
  readonly requests: number;
}

/** One plot of the page. */
export interface PageView {
  readonly id: string;
  /** Whether panels and keys act on it. */
  readonly active: boolean;
}

/** Where no view is named, the active one is meant; an unknown one is an error. */
export interface PageApi {
  /** Resolves once the first projection is drawn. */
  readonly ready: Promise<void>;
  /** The views, in the order of the page. */
  views(): readonly PageView[];
  state(view?: string): PageState;
  stats(view?: string): PageStats;
  /** Replace the selection by these rows of the dataset. */
  select(indices: readonly number[], view?: string): void;
  /** The plot alone as a PNG, with so many pixels for each CSS pixel. */
  image(scale?: number, view?: string): Promise<Blob>;
  /** Where a point is, in CSS pixels of the window; null when it is not on the screen. */
  screenPosition(index: number, view?: string): { readonly x: number; readonly y: number } | null;
}

declare global {
  interface Window {
    projector?: PageApi;
  }
}
