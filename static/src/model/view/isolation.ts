/**
 * Isolating and hiding points, step by step. All steps are kept, so that each can be seen and
 * returned to.
 */
import type { Selection } from "./selection";

export interface IsolationStep {
  readonly kind: "isolate" | "hide";
  readonly rows: Selection;
}

/** 1 for every point that is hidden by a step; null while there are no steps. */
export function hiddenPoints(steps: readonly IsolationStep[], nPoints: number): Uint8Array | null {
  if (steps.length === 0) return null;
  const hidden = new Uint8Array(nPoints);
  for (const { kind, rows } of steps) {
    if (kind === "hide") {
      for (const row of rows) hidden[row] = 1;
      continue;
    }
    const before = hidden.slice();
    hidden.fill(1);
    // Points that an earlier step hid do not come back by being isolated.
    for (const row of rows) hidden[row] = before[row] ?? 1;
  }
  return hidden;
}
