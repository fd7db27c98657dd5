/**
 * How many points one frame may draw, learned from how long frames take. While the picture moves,
 * a first part of the dealt order is drawn, an even sample: fewer points look thinner and not other.
 * At rest all are drawn, in parts of what the GPU does in a frame, so that a hand that moves again
 * never waits for a picture that nobody wants any more.
 */

/** A frame should take no longer than this. */
const TARGET_MILLISECONDS = 33;
/** Well below it there is room for more. */
const EASY_MILLISECONDS = 20;
/** Fewer are no picture. */
const FEWEST = 8_000;
/** Before anything is known: quick on every GPU, and bearable where there is none. */
const START = 100_000;
/** A slow GPU lets one or two frames through before it holds the next ones back. */
const WINDOW = 3;
/** Changes of what is drawn are seen in later frames only: so many are not measured. */
const SETTLING = 2;
/** The part of a frame that is left for the points: the rest is the page's and the browser's. */
const SHARE = 0.7;
/** Smaller parts cost more than they bring: to hear of the GPU takes a frame by itself. */
const SMALLEST_PART = 30_000;
const SLOW_PART_MILLISECONDS = 50;
/** A full picture that takes no more parts than this is drawn at once, and no thinner one before it. */
const FEW_PARTS = 2;

/** Whether drawing so many points can take long at all. */
export function isCostly(nPoints: number): boolean {
  return nPoints > FEWEST;
}

export class Budget {
  private limit = START;
  private portion = START;
  private hasMoved = false;
  private gaps: number[] = [];
  private nIgnored = 0;
  private slowest = 0;

  /** The number of points for the next frame of a movement. */
  take(nPoints: number): number {
    return Math.min(nPoints, this.limit);
  }

  /** The number of points for the next part of a picture at rest. */
  part(nPoints: number): number {
    return Math.min(nPoints, this.portion);
  }

  /** The number of points that are drawn at once when something changes at rest. */
  atOnce(nPoints: number): number {
    return nPoints <= FEW_PARTS * this.portion ? nPoints : this.take(nPoints);
  }

  /** While the picture moves: the time between two frames of the browser, one after the other. */
  gap(milliseconds: number, nPoints: number): void {
    if (!isCostly(nPoints)) return;
    if (this.nIgnored > 0) {
      this.nIgnored--;
      return;
    }
    this.hasMoved = true;
    this.gaps.push(milliseconds);
    const drawn = Math.min(nPoints, this.limit);
    this.slowest = Math.max(...this.gaps);
    if (this.slowest > TARGET_MILLISECONDS) {
      const factor = Math.max(0.2, (0.8 * TARGET_MILLISECONDS) / this.slowest);
      this.change(Math.max(FEWEST, Math.floor(drawn * factor)));
    } else if (this.gaps.length >= WINDOW) {
      if (this.slowest < EASY_MILLISECONDS && drawn < nPoints)
        this.change(Math.floor(drawn * 1.25));
      else this.gaps = [];
    }
  }

  /**
   * At rest: the GPU was done with `drawn` points when it was asked the `nthLook` time, once a frame,
   * and so many milliseconds after it had got them.
   */
  partTook(drawn: number, nthLook: number, milliseconds: number): void {
    // Done at the first look may mean any time below a frame's.
    const isQuick = nthLook <= 1 || milliseconds <= TARGET_MILLISECONDS;
    if (isQuick) this.portion = Math.max(this.portion, (nthLook <= 1 ? 2 : 1.3) * drawn);
    // A small rest of a picture says little of whole parts.
    else if (milliseconds > SLOW_PART_MILLISECONDS && drawn > this.portion / 2) {
      const factor = Math.max(0.2, SLOW_PART_MILLISECONDS / milliseconds);
      this.portion = Math.max(SMALLEST_PART, drawn * factor);
    }
    this.portion = Math.floor(this.portion);
    if (!this.hasMoved) this.limit = Math.max(FEWEST, Math.floor(this.portion * SHARE));
  }

  /** How long a hand must be still to rest: where frames are slow, its movements are seen late. */
  get restMilliseconds(): number {
    return Math.min(1000, Math.max(140, 2 * this.slowest));
  }

  private change(limit: number): void {
    this.limit = limit;
    this.gaps = [];
    this.nIgnored = SETTLING;
  }
}
