/**
 * How many points one frame may draw, learned from how long frames take. While a picture moves, a
 * first part of the draw order is drawn, an even sample: fewer points look thinner, not different.
 * At rest all points are drawn, in parts of what the GPU does in a frame, so that a new movement
 * never waits for a picture that is out of date.
 *
 * Several clouds on one page share the GPU and the frame, and so one budget: each has a share of it.
 */

/** A frame should take no longer than this. */
const TARGET_MILLISECONDS = 33;
/** Well below it there is room for more. */
const EASY_MILLISECONDS = 20;
/** With fewer points nothing can be recognized. */
const FEWEST = 8_000;
/** Before anything is known: quick on every GPU, and bearable where there is none. */
const START = 100_000;
/** A slow GPU lets one or two frames through before it holds the next ones back. */
const WINDOW = 3;
/** A change of what is drawn shows only some frames later: so many are not measured. */
const SETTLING = 2;
/** The part of a frame that is left for the points: the rest is the page's and the browser's. */
const POINTS_SHARE = 0.7;
/** Smaller parts cost more than they bring: to hear of the GPU takes a frame by itself. */
const SMALLEST_PART = 30_000;
const SLOW_PART_MILLISECONDS = 50;
/** A full picture that takes no more parts than this is drawn at once, without a thinner one first. */
const FEW_PARTS = 2;

/** Whether drawing so many points can take long at all. */
export function isCostly(nPoints: number): boolean {
  return nPoints > FEWEST;
}

/** One cloud's share of a budget. */
export interface BudgetShare {
  /** The cloud draws this frame as part of a movement; `now` is the frame's time, in milliseconds. */
  move(now: number, nPoints: number): void;
  /** The cloud does not move in this frame. */
  rest(): void;
  /** The number of points for the next frame of a movement. */
  motionLimit(nPoints: number): number;
  /** The number of points for the next part of a picture at rest. */
  partLimit(nPoints: number): number;
  /** Something changed: so many points are drawn at rest before long. */
  await(nPoints: number): void;
  /** An animation frame begins: what was drawn in the one before is no load for this one. */
  begin(now: number): void;
  /**
   * The number of points that are drawn at once when something changes at rest: fewer than all
   * where the clouds that wait, or were drawn in this frame, have too many together.
   */
  restLimit(nPoints: number): number;
  /** Whether so many points are drawn at once where no other cloud has anything to draw. */
  isQuick(nPoints: number): boolean;
  /** Whether no other cloud has given the GPU points that it is not yet done with. */
  readonly isFree: boolean;
  /**
   * The GPU got so many points. Returns them with those of others that it has to draw before; 0:
   * it is done with them.
   */
  load(nPoints: number): number;
  /**
   * At rest: the GPU was done with `drawn` points at the `nthPoll` poll, one a frame, and so many
   * milliseconds after it had got them.
   */
  recordPart(drawn: number, nthPoll: number, milliseconds: number): void;
  /** How long the camera must stand still to be at rest: slow frames show its movements late. */
  readonly restMilliseconds: number;
  /** The cloud is gone. */
  leave(): void;
}

/** A share as the budget sees it. */
interface Member {
  /** The time of its last frame, if that was one of a movement. */
  movedAt: number | null;
  /** Its points while it moves; 0 at rest. */
  nMoving: number;
  /** Its points that wait to be drawn at rest, or were drawn in this frame. */
  nAwaited: number;
  isDrawn: boolean;
  /** Its points that the GPU is drawing. */
  nLoaded: number;
}

export class FrameBudget {
  private limit = START;
  private portion = START;
  private hasMoved = false;
  private gaps: number[] = [];
  private nIgnored = 0;
  private slowest = 0;
  private readonly members = new Set<Member>();
  /** The frame whose gap is recorded already. */
  private recordedAt: number | null = null;
  private begunAt: number | null = null;

  join(): BudgetShare {
    const member: Member = { movedAt: null, nMoving: 0, nAwaited: 0, isDrawn: false, nLoaded: 0 };
    this.members.add(member);
    const motionLimit = (nPoints: number) => this.motionLimit(member, nPoints);
    const loaded = () => this.sum("nLoaded") - member.nLoaded;
    const restMilliseconds = () => Math.min(1000, Math.max(140, 2 * this.slowest));
    return {
      move: (now, nPoints) => this.move(member, now, nPoints),
      rest: () => {
        member.movedAt = null;
        member.nMoving = 0;
      },
      motionLimit,
      partLimit: (nPoints) => Math.min(nPoints, this.portion),
      await(nPoints) {
        member.nAwaited = nPoints;
        member.isDrawn = false;
      },
      begin: (now) => this.begin(now),
      restLimit: (nPoints) => this.restLimit(member, nPoints),
      isQuick: (nPoints) => nPoints <= FEW_PARTS * this.portion,
      get isFree() {
        return loaded() === 0;
      },
      load(nPoints) {
        member.nLoaded = nPoints;
        return nPoints + loaded();
      },
      recordPart: (drawn, nthPoll, milliseconds) => this.recordPart(drawn, nthPoll, milliseconds),
      get restMilliseconds() {
        return restMilliseconds();
      },
      leave: () => void this.members.delete(member),
    };
  }

  private move(member: Member, now: number, nPoints: number): void {
    // Only frames that follow each other say how long one took, and each of them says it once.
    if (member.movedAt !== null && this.recordedAt !== now) {
      this.recordedAt = now;
      this.recordGap(now - member.movedAt, this.sum("nMoving"));
    }
    member.movedAt = now;
    member.nMoving = nPoints;
  }

  private begin(now: number): void {
    if (now === this.begunAt) return;
    this.begunAt = now;
    for (const member of this.members) if (member.isDrawn) member.nAwaited = 0;
  }

  /** Over all clouds. */
  private sum(of: "nMoving" | "nAwaited" | "nLoaded"): number {
    let sum = 0;
    for (const member of this.members) sum += member[of];
    return sum;
  }

  private restLimit(member: Member, nPoints: number): number {
    member.nAwaited = nPoints;
    member.isDrawn = true;
    const total = this.sum("nAwaited");
    return total <= FEW_PARTS * this.portion ? nPoints : this.shareOf(nPoints, total);
  }

  private motionLimit(member: Member, nPoints: number): number {
    return this.shareOf(nPoints, this.sum("nMoving") - member.nMoving + nPoints);
  }

  /** Each cloud gets as much of the limit as it has of the points. */
  private shareOf(nPoints: number, total: number): number {
    return total <= this.limit ? nPoints : Math.floor((this.limit * nPoints) / total);
  }

  private recordGap(milliseconds: number, nPoints: number): void {
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

  private recordPart(drawn: number, nthPoll: number, milliseconds: number): void {
    // Done at the first poll may mean any time below a frame's.
    const isQuick = nthPoll <= 1 || milliseconds <= TARGET_MILLISECONDS;
    if (isQuick) this.portion = Math.max(this.portion, (nthPoll <= 1 ? 2 : 1.3) * drawn);
    // The small remainder of a picture says little of whole parts.
    else if (milliseconds > SLOW_PART_MILLISECONDS && drawn > this.portion / 2) {
      const factor = Math.max(0.2, SLOW_PART_MILLISECONDS / milliseconds);
      this.portion = Math.max(SMALLEST_PART, drawn * factor);
    }
    this.portion = Math.floor(this.portion);
    if (!this.hasMoved) this.limit = Math.max(FEWEST, Math.floor(this.portion * POINTS_SHARE));
  }

  private change(limit: number): void {
    this.limit = limit;
    this.gaps = [];
    this.nIgnored = SETTLING;
  }
}
