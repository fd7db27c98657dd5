/** A projection as the server reports it: state, progress and details; and positions. */
import type { WorkState } from "../data/work";
import { count } from "../text/format";
import type { Alignment } from "./alignment";
import type { AxisEnds } from "./axes";
import type { Params } from "./method";
import type { Quality } from "./quality";
import type { SeriesStep, SharedFrame } from "./series";

/** What one phase of the work took. */
export interface PhaseTime {
  readonly phase: string;
  readonly seconds: number;
  readonly processor_seconds: number;
}

/** What a method reports about its result; each reports other things, so all may be missing. */
export interface Details {
  readonly explained_variance_ratio?: readonly number[];
  readonly kl_divergence?: number;
  readonly recall?: number;
  /** How far the true recall may lie from that of a sample; 0 of an exact search. */
  readonly recall_error?: number;
  readonly seconds?: number;
  readonly phases?: readonly PhaseTime[];
  /** The most memory that the work was seen to take. */
  readonly memory_bytes?: number;
  readonly n_threads?: number;
  /** Where the ends of axes of one's own come to be. */
  readonly axes?: readonly AxisEnds[];
  /** What its alignment to another projection changed. */
  readonly alignment?: Alignment;
}

/** A projection as the server describes it. */
export interface Projection {
  readonly id: string;
  readonly dataset: string;
  readonly method: string;
  readonly params: Params;
  readonly state: WorkState;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly remaining_seconds: number | null;
  readonly paused: boolean;
  /** How many jobs start before this one; null unless it is queued. */
  readonly ahead: number | null;
  readonly n_points: number;
  readonly n_components: number;
  /** How many components PCA kept; 0 where the result is what is shown. */
  readonly n_kept: number;
  readonly details: Details;
  readonly warnings: readonly string[];
  readonly error: { readonly type: string; readonly message: string } | null;
  /** null until its quality was asked for. */
  readonly quality: Quality | null;
  /** The steps that it was laid out together with; null or missing where it was alone. */
  readonly series?: SeriesStep | null;
  /** The projection that it was aligned to, and whose unit its positions have. */
  readonly aligned_to?: string | null;
}

export type Dims = 2 | 3;

/** n_points * dims float32, row-major, as the server sent it; a row with NaN has no position and is not drawn. */
export interface Positions {
  readonly values: Float32Array;
  readonly dims: Dims;
  /** What they are drawn in, where others are to be drawn in the same; else they have their own. */
  readonly frame?: SharedFrame;
}

/** As the server says how many of the true neighbors an approximate search found. */
const RECALL = / of the true ones were found/;

/** What to warn of. That all neighbors were found, to the last digit shown, is no reason to. */
export function warningsOf({ warnings, details }: Projection): readonly string[] {
  const isWhole = (details.recall ?? 0) >= 0.9995;
  return isWhole ? warnings.filter((each) => !RECALL.test(each)) : warnings;
}

/** What work that has not ended does now, in a few words. */
export function workTitle({
  state,
  phase,
  paused,
  ahead,
}: Pick<Projection, "state" | "phase" | "paused" | "ahead">): string {
  if (paused) return "Paused";
  if (state === "queued") return `Waiting: ${placeInLine(ahead)}`;
  return phase || "Starting";
}

/** Where queued work stands: "2 jobs are ahead". */
export function placeInLine(ahead: number | null): string {
  if (!ahead) return "it is next";
  return ahead === 1 ? "1 job is ahead" : `${count(ahead)} jobs are ahead`;
}

/** The share of the variance that each kept component explains; empty where that means nothing. */
export function explainedVariance(projection: Projection | null): readonly number[] {
  return projection?.details.explained_variance_ratio ?? [];
}

/**
 * The components to show when some were chosen, perhaps for another projection: inside what was
 * kept, without repetition, `dims` of them.
 */
export function fitComponents(chosen: readonly number[], dims: Dims, nKept: number): number[] {
  const fitting = [...new Set(chosen)].filter((each) => each >= 0 && each < nKept).slice(0, dims);
  for (let next = 0; fitting.length < Math.min(dims, nKept); next++) {
    if (!fitting.includes(next)) fitting.push(next);
  }
  return fitting;
}

/** The first two axes alone. */
export function flattened({ values, dims }: Positions): Positions {
  if (dims === 2) return { values, dims };
  const flat = new Float32Array((values.length / dims) * 2);
  for (let index = 0; index * 2 < flat.length; index++) {
    flat[index * 2] = values[index * dims] ?? Number.NaN;
    flat[index * 2 + 1] = values[index * dims + 1] ?? Number.NaN;
  }
  return { values: flat, dims: 2 };
}
