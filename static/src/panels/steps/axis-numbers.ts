/** Which steps have room for their numbers on the axis. */
import { count } from "../../model/text/format";

/** CSS pixels of a digit, and between two numbers. */
const DIGIT = 6.2;
const GAP = 8;

export interface AxisNumber {
  readonly step: number;
  readonly text: string;
  readonly x: number;
}

/** The shown step first, then both ends, then whatever still has room, from the last one back. */
export function axisNumbers(
  stored: readonly number[],
  shown: number | null,
  xOf: (step: number) => number,
  width: number,
): readonly AxisNumber[] {
  const first = stored[0];
  const wanted = [shown, first, ...[...stored].reverse()].filter(
    (step): step is number => step !== null && step !== undefined,
  );
  const placed: (AxisNumber & { readonly half: number })[] = [];
  for (const step of wanted) {
    const text = count(step);
    const half = (text.length * DIGIT) / 2;
    // Inside, whatever stands at the ends.
    const x = Math.min(Math.max(xOf(step), half), Math.max(half, width - half));
    const isFree = placed.every((each) => Math.abs(each.x - x) >= each.half + half + GAP);
    if (isFree && stored.includes(step)) placed.push({ step, text, x, half });
  }
  return placed.sort((a, b) => a.step - b.step);
}
