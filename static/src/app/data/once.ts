/** Runs a task only once at a time for each key. */

/** A broken connection may recover: after this time a failed task may run again. */
const RETRY_MILLISECONDS = 5000;

export type Once = (key: string, task: () => Promise<void>) => Promise<void>;

/**
 * Run the task of a key unless it is running. Where it failed a moment ago, it fails again at
 * once for the same reason. `onError` hears of each failure once.
 */
export function createOnce(onError: (error: unknown) => void): Once {
  const open = new Map<string, Promise<void>>();
  const failed = new Map<string, unknown>();
  return (key, task) => {
    const running = open.get(key);
    if (running) return running;
    if (failed.has(key)) return Promise.reject(failed.get(key));
    const promise = task()
      .catch((error: unknown) => {
        failed.set(key, error);
        onError(error);
        setTimeout(() => failed.delete(key), RETRY_MILLISECONDS);
        throw error;
      })
      .finally(() => open.delete(key));
    open.set(key, promise);
    return promise;
  };
}
