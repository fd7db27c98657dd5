/**
 * How many points are drawn while the picture moves: as many as keep it moving. A first part of the
 * dealt order is an even sample, so fewer points look thinner and not other; at rest all are drawn.
 */

/** A frame should take no longer than this. */
const TARGET_MILLISECONDS = 33;
/** Well below it there is room for more. */
const EASY_MILLISECONDS = 20;
/** Fewer are quick everywhere. */
const FEWEST = 40_000;
/** A slow GPU lets one or two frames through before it holds the next ones back. */
const WINDOW = 3;
/** Changes of what is drawn are seen in later frames only: so many are not judged. */
const SETTLING = 2;

export class Budget {
  private limit = Number.POSITIVE_INFINITY;
  private gaps: number[] = [];
  private nIgnored = 0;
  private slowest = 0;

  /** The number of points for the next frame of a movement. */
  take(nPoints: number): number {
    return Math.min(nPoints, this.limit);
  }

  /** While the picture moves: the time between two frames of the browser, one after the other. */
  gap(milliseconds: number, nPoints: number): void {
    if (nPoints <= FEWEST) return;
    if (this.nIgnored > 0) {
      this.nIgnored--;
      return;
    }
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
