/** How long the latest frames of the page took: by the page alone, without the graphics card. */

/** Frames that are remembered: two seconds of motion. */
const N_FRAMES = 120;

export interface FrameSummary {
  readonly nFrames: number;
  readonly median: number;
  readonly longest: number;
}

export class FrameTimes {
  private latest: number[] = [];

  /** A frame with points was drawn, in so many milliseconds. */
  record(milliseconds: number): void {
    this.latest.push(milliseconds);
    if (this.latest.length > N_FRAMES) this.latest.shift();
  }

  /** Milliseconds of the latest frames; null where none was drawn. */
  summary(): FrameSummary | null {
    const sorted = [...this.latest].sort((a, b) => a - b);
    const longest = sorted.at(-1);
    const median = sorted[sorted.length >> 1];
    if (longest === undefined || median === undefined) return null;
    return { nFrames: sorted.length, median, longest };
  }
}
