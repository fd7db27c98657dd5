/** Measures of many steps or runs, from the question to the answer. */

/** What is measured, in the order of their tabs. */
export const MEASURES = ["health", "similarity", "dimensions", "histograms"] as const;
export type MeasureName = (typeof MEASURES)[number];

/** What is asked, by whom it is answered, and what has come so far. */
export interface Measurement<T> {
  /** Equal for equal questions. */
  readonly key: string;
  /** Of the work on the server; empty before it has answered. */
  readonly id: string;
  readonly status: "working" | "done" | "stopped" | "failed";
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** Why it has failed. */
  readonly message: string;
  /** Of the part that is ready; null before anything is. */
  readonly value: T | null;
}

export function asked<T>(key: string): Measurement<T> {
  return {
    key,
    id: "",
    status: "working",
    phase: "",
    done: 0,
    total: 0,
    message: "",
    value: null,
  };
}
