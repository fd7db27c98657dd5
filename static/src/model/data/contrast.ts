/** Where one group of points differs from another: what the server answers, and how it reads. */
import { compact } from "../text/format";

/** One value of a column, or one word. */
export interface ValueShare {
  readonly name: string;
  readonly n: number;
  readonly n_other: number;
  /** null where no other point has it. */
  readonly lift: number | null;
}

export interface Difference {
  readonly column: number;
  readonly kind: "categories" | "numbers" | "words";
  readonly strength: number;
  /** Whether chance alone would rarely do this. */
  readonly is_clear: boolean;
  readonly values: readonly ValueShare[];
  readonly median: number | null;
  readonly median_other: number | null;
  /** That a number of the group is larger than one of the others. */
  readonly probability: number | null;
}

export interface Contrast {
  readonly n: number;
  readonly n_other: number;
  readonly n_both: number;
  /** The clear ones first, the strongest of them first. */
  readonly differences: readonly Difference[];
}

/** ×4.5, ÷12, "only here", "not here". */
export function liftText({ n, lift }: ValueShare): string {
  if (lift === null) return "only here";
  if (n === 0) return "not here";
  const times = lift < 1 ? 1 / lift : lift;
  return `${lift < 1 ? "÷" : "×"}${times >= 100 ? compact(Math.round(times)) : compact(times, 2)}`;
}

/** What the group has more of, and little of what it lacks: that follows from the rest. */
export function toldValues({ values }: Difference, most: number): readonly ValueShare[] {
  const more = values.filter(({ lift }) => lift === null || lift >= 1).slice(0, most);
  const room = Math.min(most - more.length, more.length === 0 ? most : 1);
  return [...more, ...values.filter(({ lift }) => lift !== null && lift < 1).slice(0, room)];
}

/** 4.1 %, 23 %, under 0.1 %. */
export function shareText(n: number, of: number): string {
  const share = of === 0 ? 0 : (100 * n) / of;
  if (share === 0) return "0 %";
  if (share < 0.1) return "<0.1 %";
  return `${share < 9.95 ? share.toFixed(1) : share.toFixed(0)} %`;
}

/** How surely numbers of the group are larger or smaller: 83 % of pairs. */
export function rankText({ probability }: Difference): string {
  const larger = probability ?? 0.5;
  if (larger === 0.5) return "neither larger nor smaller";
  const share = Math.max(larger, 1 - larger);
  const word = larger > 0.5 ? "larger" : "smaller";
  return `${word} in ${share > 0.995 && share < 1 ? ">99" : (100 * share).toFixed(0)} % of pairs`;
}
