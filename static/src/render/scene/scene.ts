/**
 * Holds what is to be drawn, as the caller gave it: no DOM, no GL. Arrays are kept, not copied, must
 * not change any more, and are uploaded when their revision changes; after a lost context everything
 * is still here.
 */
import { type FlagCounts, KnownFlags } from "./flag-facts";
import { bake, easeInOut, type Layer, layerOf, nPointsOf, type Transition } from "./transition";
import type { Coloring, Positions, SpriteSheet } from "./types";
import { NO_WEIGHTS, type Weights } from "./weights";

/** Calm blue, until the first coloring arrives. */
const DEFAULT_PALETTE = new Uint8Array([76, 120, 200, 255]);

const EMPTY_LAYER: Layer = layerOf({ values: new Float32Array(0), dims: 3 });

export class Scene {
  transition: Transition = { from: null, to: EMPTY_LAYER, progress: 1 };
  coloring: Coloring = { codes: new Uint16Array(0), palette: DEFAULT_PALETTE };
  flags: Uint8Array = new Uint8Array(0);
  counts: FlagCounts;
  /** Neighbors, then selected points, each in draw order: as they are drawn on top. */
  emphasized: Uint32Array;
  sheet: SpriteSheet | null = null;
  areSpritesShown = false;
  edges: Uint32Array = new Uint32Array(0);
  edgeOpacities: Float32Array | null = null;
  pointScale = 1;
  isDensity = false;
  /** Standard deviation of the density's kernel, in CSS pixels. */
  smoothing = 1;
  opacityScale = 1;
  weights: Weights = NO_WEIGHTS;
  hasFog = true;
  readonly revision = { coloring: 0, flags: 0, sheet: 0, edges: 0, weights: 0 };
  /** As they were received, of any length: the caller may send them before the positions. */
  private readonly received: { codes: Uint16Array; flags: Uint8Array } = {
    codes: new Uint16Array(0),
    flags: new Uint8Array(0),
  };
  private clock = { start: 0, milliseconds: 0, isEased: true };

  /** @param known Scenes of the same points share it. */
  constructor(private readonly known = new KnownFlags()) {
    ({ counts: this.counts, emphasized: this.emphasized } = known.of(this.flags));
  }

  get nPoints(): number {
    return nPointsOf(this.transition.to);
  }

  get isMoving(): boolean {
    return this.transition.from !== null;
  }

  get drawsSprites(): boolean {
    return this.areSpritesShown && this.sheet !== null;
  }

  /** Images are single things: there is no density of them. */
  get drawsDensity(): boolean {
    return this.isDensity && !this.drawsSprites;
  }

  setPositions(positions: Positions, milliseconds: number, now: number): void {
    const to = layerOf(positions);
    const isSameSize = nPointsOf(to) === this.nPoints;
    if (!isSameSize || milliseconds <= 0) {
      this.transition = { from: null, to, progress: 1 };
      if (!isSameSize) this.dropOldPointData();
      return;
    }
    // Streamed frames arrive while the last transition still runs: an even speed joins them smoothly.
    this.clock = { start: now, milliseconds, isEased: !this.isMoving };
    this.transition = { from: bake(this.transition), to, progress: 0 };
  }

  /** Move the transition to `now`; true if the picture changed. */
  advance(now: number): boolean {
    if (!this.isMoving) return false;
    const { start, milliseconds, isEased } = this.clock;
    const t = Math.min(1, Math.max(0, (now - start) / milliseconds));
    this.transition =
      t >= 1
        ? { from: null, to: this.transition.to, progress: 1 }
        : { ...this.transition, progress: isEased ? easeInOut(t) : t };
    return true;
  }

  setColoring({ codes, palette }: Coloring): void {
    this.received.codes = codes;
    this.coloring = {
      codes: codes.length === this.nPoints ? codes : new Uint16Array(this.nPoints),
      palette: palette.length >= 4 ? palette : DEFAULT_PALETTE,
    };
    this.revision.coloring++;
  }

  setFlags(flags: Uint8Array): void {
    this.received.flags = flags;
    this.flags = flags.length === this.nPoints ? flags : new Uint8Array(this.nPoints);
    ({ counts: this.counts, emphasized: this.emphasized } = this.known.of(this.flags));
    this.revision.flags++;
  }

  /** Weights of another number of points are dropped; the caller sends the right ones later. */
  setWeights({ size, opacity }: Weights): void {
    const fitting = (bytes: Uint8Array | null) => (bytes?.length === this.nPoints ? bytes : null);
    this.weights = { size: fitting(size), opacity: fitting(opacity) };
    this.revision.weights++;
  }

  setSprites(sheet: SpriteSheet | null): void {
    this.sheet = sheet;
    this.revision.sheet++;
  }

  /** Two indices a line; null opacities are by the number of lines. */
  setEdges(pairs: Uint32Array, opacities: Float32Array | null = null): void {
    this.edges = pairs;
    this.edgeOpacities = opacities;
    this.revision.edges++;
  }

  /**
   * Colors, flags and edges of another number of points would be wrong for these; what came ahead
   * of its positions has their length and stays.
   */
  private dropOldPointData(): void {
    const n = this.nPoints;
    const { codes, flags } = this.received;
    const { palette } = this.coloring;
    this.setColoring({ codes: codes.length === n ? codes : new Uint16Array(n), palette });
    this.setFlags(flags.length === n ? flags : new Uint8Array(n));
    this.setEdges(new Uint32Array(0));
    this.setWeights(NO_WEIGHTS);
  }
}
