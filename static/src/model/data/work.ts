/** Work on the server, as its answers have it: from the question to the result. */

export type WorkState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Work<T> {
  readonly id: string;
  readonly state: WorkState;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly result: T | null;
}

/** Whether there is more to come. */
export function isWorking(work: { readonly state: WorkState } | null | undefined): boolean {
  return work?.state === "queued" || work?.state === "running";
}

/** Share of the current phase that is done, or null while nothing is known. */
export function shareDone(work: Pick<Work<unknown>, "done" | "total">): number | null {
  if (work.total <= 0) return null;
  return Math.min(1, Math.max(0, work.done / work.total));
}
