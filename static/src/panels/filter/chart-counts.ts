/** The three counts that a chart shows for each bar, always in the same order and colors. */
import { count } from "../../model/text/format";

export interface ChartCounts {
  readonly all: Uint32Array;
  /** Of those that pass the filters of all other columns. */
  readonly passing: Uint32Array;
  /** null while nothing is selected. */
  readonly selected: Uint32Array | null;
}

/** "31 of 120, 4 selected" */
export function barText({ all, passing, selected }: ChartCounts, bar: number): string {
  const whole = all[bar] ?? 0;
  const part = passing[bar] ?? 0;
  const taken = selected?.[bar] ?? 0;
  const counts = part === whole ? count(whole) : `${count(part)} of ${count(whole)}`;
  return taken > 0 ? `${counts}, ${count(taken)} selected` : counts;
}

/** Percent of the tallest bar; what is there at all is never too low to be seen. */
export function barLength(n: number, most: number): number {
  return n === 0 ? 0 : Math.max(2.5, (100 * n) / Math.max(1, most));
}
