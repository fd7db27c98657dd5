/** Runs an asynchronous task for the newest value of a signal only. */
import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import { isAbort } from "../../api/errors";

/**
 * Run `task` for each new value of `source`; the one before is aborted first. A task must look at
 * its signal after every wait, so that an outdated answer changes nothing.
 */
export function latest<T>(
  source: ReadonlySignal<T>,
  task: (value: T, signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  let current = new AbortController();
  const stop = effect(() => {
    const value = source.value;
    current.abort();
    current = new AbortController();
    const { signal } = current;
    untracked(() => {
      task(value, signal).catch((error: unknown) => {
        if (!signal.aborted && !isAbort(error)) onError(error);
      });
    });
  });
  return () => {
    stop();
    current.abort();
  };
}

/** Wait; rejects as an aborted fetch does. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Wait until a signal's value passes a test; rejects as an aborted fetch does. */
export function until<T>(
  source: ReadonlySignal<T>,
  test: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let stop: (() => void) | null = null;
    let isSettled = false;
    const settle = () => {
      isSettled = true;
      signal.removeEventListener("abort", onAbort);
      // The effect below may settle within its own first run, before `stop` is known.
      stop?.();
    };
    const onAbort = () => {
      settle();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    stop = effect(() => {
      const value = source.value;
      if (isSettled || !test(value)) return;
      settle();
      resolve(value);
    });
    if (isSettled) stop();
  });
}
