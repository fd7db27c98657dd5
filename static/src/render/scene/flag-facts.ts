/** What follows from the flags of all points; found once for all scenes that get the same array. */
import { wantedInDrawOrder } from "./draw-order";
import { FLAG } from "./types";

/** The number of points in each class; the strongest flag decides. */
export interface FlagCounts {
  readonly hidden: number;
  readonly ghost: number;
  readonly below: number;
  readonly plain: number;
  readonly neighbor: number;
  readonly selected: number;
}

export interface FlagFacts {
  readonly counts: FlagCounts;
  /** Neighbors, then selected points, each in draw order: as they are drawn on top. */
  readonly emphasized: Uint32Array;
}

export class KnownFlags {
  private readonly known = new WeakMap<Uint8Array, FlagFacts>();

  of(flags: Uint8Array): FlagFacts {
    const known = this.known.get(flags);
    if (known) return known;
    const counts = countFlags(flags);
    const facts = { counts, emphasized: emphasizedPoints(flags, counts) };
    this.known.set(flags, facts);
    return facts;
  }
}

/** The strongest flag; the shaders decide in the same order. */
export function classOf(flag: number): keyof FlagCounts {
  if (flag & FLAG.hidden) return "hidden";
  if (flag & FLAG.selected) return "selected";
  if (flag & FLAG.neighbor) return "neighbor";
  if (flag & FLAG.ghost) return "ghost";
  if (flag & FLAG.below) return "below";
  return "plain";
}

/** 1 for each of the 256 flags whose class is meant. */
export function flagsThat(isMeant: (kind: keyof FlagCounts) => boolean): Uint8Array {
  return new Uint8Array(256).map((_, flag) => Number(isMeant(classOf(flag))));
}

function countFlags(flags: Uint8Array): FlagCounts {
  // One count a byte value first: a million points then cost two milliseconds, not twenty.
  const perByte = new Uint32Array(256);
  for (let i = 0; i < flags.length; i++) (perByte[flags[i] as number] as number)++;
  const counts = { hidden: 0, ghost: 0, below: 0, plain: 0, neighbor: 0, selected: 0 };
  perByte.forEach((count, flag) => {
    counts[classOf(flag)] += count;
  });
  return counts;
}

function emphasizedPoints(flags: Uint8Array, counts: FlagCounts): Uint32Array {
  const out = new Uint32Array(counts.neighbor + counts.selected);
  // Many of them are drawn in part while the picture moves, as all others are.
  const inOrder = (kind: "neighbor" | "selected") =>
    wantedInDrawOrder(
      flags,
      flagsThat((each) => each === kind),
      counts[kind],
    );
  if (counts.neighbor > 0) out.set(inOrder("neighbor"));
  if (counts.selected > 0) out.set(inOrder("selected"), counts.neighbor);
  return out;
}
