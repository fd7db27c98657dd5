/** Parts of the page whose code comes when it is first wanted. */
import { effect, type ReadonlySignal } from "@preact/signals";

/** What is made once, by the first who asks; where that fails, the next one tries again. */
export function onceMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

interface Stoppable {
  stop(): void;
}

/** Started once, however often it is wanted, and not after the page was closed. */
export class Later<Code, Part extends Stoppable> {
  /** null: the page was closed before the code came. */
  readonly get: () => Promise<Part | null>;
  private part: Part | null = null;
  private isStopped = false;

  constructor(load: () => Promise<Code>, start: (code: Code) => Part) {
    this.get = onceMade(async () => {
      const code = await load();
      if (!this.isStopped) this.part = start(code);
      return this.part;
    });
  }

  /** Start when a signal first says so. Returns what stops the part, and the waiting for it. */
  when(isWanted: ReadonlySignal<boolean>): () => void {
    const stopWaiting = effect(() => {
      // Where the server is away the banner says so, and the next time tries again.
      if (isWanted.value && !this.isStopped) this.get().catch(() => undefined);
    });
    return () => {
      stopWaiting();
      this.stop();
    };
  }

  stop(): void {
    this.isStopped = true;
    this.part?.stop();
  }
}
