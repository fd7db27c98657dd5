/** Calls tasks in the browser's next animation frame: one request for all clouds of a page. */

/** The browser's `requestAnimationFrame`, or a test's. */
export type RequestFrame = (callback: (now: number) => void) => number;

export class FrameTicker {
  private tasks = new Set<(now: number) => void>();
  private isRequested = false;

  constructor(
    private readonly requestFrame: RequestFrame = (callback) => requestAnimationFrame(callback),
  ) {}

  /** Call `task` once, in the next frame; asked for several times, it is still called once. */
  request(task: (now: number) => void): void {
    this.tasks.add(task);
    if (this.isRequested) return;
    this.isRequested = true;
    this.requestFrame((now) => this.tick(now));
  }

  /** Do not call it any more. */
  cancel(task: (now: number) => void): void {
    this.tasks.delete(task);
  }

  private tick(now: number): void {
    this.isRequested = false;
    const { tasks } = this;
    // What they ask for meanwhile is for the next frame.
    this.tasks = new Set();
    for (const task of tasks) {
      try {
        task(now);
      } catch (error) {
        // One cloud's fault must not stop the others.
        reportError(error);
      }
    }
  }
}
