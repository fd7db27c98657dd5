/** How alike steps or runs are, pair by pair, and what is compared. */
import { compact, count } from "../text/format";
import { evenly } from "./evenly";
import { type Entry, type Listing, type Place, tensorsOf } from "./listing";

export type AlikeFigure = "kept" | "cka" | "procrustes";

export const ALIKE: readonly {
  readonly value: AlikeFigure;
  readonly title: string;
  readonly about: string;
}[] = [
  {
    value: "kept",
    title: "Neighbors kept",
    about: "The mean share of its 15 neighbors that a point has in both",
  },
  {
    value: "cka",
    title: "CKA",
    about:
      "Unbiased linear centered kernel alignment: 1 for a rotation or a scale, near 0 for chance",
  },
  {
    value: "procrustes",
    title: "Procrustes",
    about: "What is left in common after the best rotation and scale; withheld where it is biased",
  },
];

/** n × n, by rows. */
export interface Similarity {
  readonly figure: AlikeFigure;
  readonly n: number;
  readonly matrix: Float32Array;
  /** Standard errors of sampled figures, else 0. */
  readonly errors: Float32Array;
  readonly nShared: Uint32Array;
  readonly warnings: readonly string[];
}

/** Pairs grow with the square: at most so many are compared with one another. */
export const MOST_COMPARED = 24;

export interface Compared {
  readonly entries: readonly Entry[];
  /** How many there are. */
  readonly nAll: number;
  /** Of each entry what tells it from the others. */
  readonly labels: readonly string[];
  /** Which step the runs are compared at, or how many were left out; empty where nothing is to be said. */
  readonly note: string;
}

/** All steps of a tensor, or as many of them as are compared, evenly chosen. */
export function comparedSteps(listing: Listing, place: Place): Compared {
  const all = tensorsOf(listing, place.run)
    .filter(({ name }) => name === place.name)
    .flatMap(({ steps }) => steps);
  const entries = evenly(all, MOST_COMPARED);
  const note =
    entries.length < all.length
      ? `${entries.length} of ${count(all.length)} steps, evenly chosen.`
      : "";
  return { entries, nAll: all.length, labels: entries.map(stepLabel), note };
}

/** The tensor of all runs that have it: at the last step that all of them have, else each at its last. */
export function comparedRuns(listing: Listing, { name }: Place): Compared {
  const runs = new Map<string, Entry[]>();
  for (const entry of listing.entries) {
    if (entry.name !== name) continue;
    runs.set(entry.run, [...(runs.get(entry.run) ?? []), entry]);
  }
  const all = [...runs.values()];
  const common = lastCommon(all);
  const chosen = evenly(all, MOST_COMPARED);
  const entries = chosen.flatMap(
    (own) => own.find(({ step }) => step === common) ?? lastOf(own) ?? [],
  );
  const isOne = common !== undefined;
  const where = isOne
    ? common === null
      ? ""
      : `At step ${count(common)}, the last one that all have.`
    : "Each at its last step: they have none in common.";
  const left =
    entries.length < all.length
      ? `${entries.length} of ${count(all.length)} runs, evenly chosen.`
      : "";
  return {
    entries,
    nAll: all.length,
    labels: entries.map((entry) => (isOne ? entry.run : `${entry.run}, ${stepLabel(entry)}`)),
    note: [where, left].filter(Boolean).join(" "),
  };
}

/** Undefined where they have none; null is the step of what has no steps. */
function lastCommon(runs: readonly (readonly Entry[])[]): number | null | undefined {
  const [first, ...others] = runs;
  const known = others.map((own) => new Set(own.map(({ step }) => step)));
  const common = (first ?? []).filter(({ step }) => known.every((steps) => steps.has(step)));
  return lastOf(common)?.step;
}

function lastOf(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>(
    (last, each) => (last && (last.step ?? 0) >= (each.step ?? 0) ? last : each),
    undefined,
  );
}

export function stepLabel({ step }: Entry): string {
  return step === null ? "no step" : `step ${count(step)}`;
}

/** "step 0 and step 20: 0.62 ± 0.01, 1,797 points" */
export function cellText(
  { n, matrix, errors, nShared }: Similarity,
  labels: readonly string[],
  row: number,
  column: number,
): string {
  const at = row * n + column;
  const value = matrix[at] ?? Number.NaN;
  const error = errors[at] ?? 0;
  const pair = row === column ? (labels[row] ?? "") : `${labels[row]} and ${labels[column]}`;
  if (Number.isNaN(value)) return `${pair}: not defined`;
  const spread = error > 0 ? ` ± ${compact(error, 2)}` : "";
  return `${pair}: ${value.toFixed(3)}${spread}, ${count(nShared[at] ?? 0)} points`;
}
