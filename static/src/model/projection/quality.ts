/** The quality of a projection: four scores, what they mean, and how they are computed. */

import type { Column, ColumnRef } from "../data/dataset";
import type { WorkState } from "../data/work";

export const SCORES = ["trustworthiness", "continuity", "overlap", "distance_correlation"] as const;
export type Score = (typeof SCORES)[number];
export type Means = Readonly<Record<Score, number>>;

export interface QualitySummary extends Means {
  /** Neighbors that count as near. */
  readonly k: number;
  /** Points that ranks were counted against: all of them, or a sample. */
  readonly n_reference: number;
  readonly baselines: { readonly pca: Means; readonly random: Means };
  readonly warnings: readonly string[];
}

/** A measurement, wherever it stands between asked for and done. */
export interface Quality {
  readonly state: WorkState;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** How many jobs start before this one; null unless it is queued. */
  readonly ahead: number | null;
  readonly k: number;
  readonly summary: QualitySummary | null;
  readonly error: { readonly type: string; readonly message: string } | null;
}

export interface ScoreWords {
  readonly title: string;
  readonly meaning: string;
}

export function scoreWords(score: Score, k: number): ScoreWords {
  switch (score) {
    case "trustworthiness":
      return {
        title: "Trustworthiness",
        meaning: `Are neighbors in the plot also neighbors in the original space? 1 if all ${k} nearest are; false neighbors from far away lower it most.`,
      };
    case "continuity":
      return {
        title: "Continuity",
        meaning: `Are neighbors in the original space also neighbors in the plot? 1 if all ${k} nearest are; true neighbors drawn far away lower it most.`,
      };
    case "overlap":
      return {
        title: "Neighbor overlap",
        meaning: `Share of the ${k} true nearest neighbors that are also among the ${k} nearest in the plot.`,
      };
    case "distance_correlation":
      return {
        title: "Distance correlation",
        meaning: `Are closer neighbors drawn closer? Correlation between original and plotted distances to the ${k} true neighbors, from −1 to 1.`,
      };
  }
}

/** Up to so many points it takes so little time that it is done without being asked for. */
export const MAX_UNASKED_POINTS = 20_000;

/** Fewer have no neighbors of which some could be lost. */
export const MIN_MEASURED_POINTS = 3;

/**
 * Which of two reports is kept. Answers and events overtake each other, and a server that was
 * asked for the projection again may not know its quality: what is finished stays.
 */
export function newerQuality(report: Quality | null, known: Quality | null): Quality | null {
  if (known?.state === "done" && report?.state !== "done") return known;
  return report ?? known;
}

/** Two digits after the point: a third one is noise. */
export function scoreText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "–";
}

/** Percent of a bar's length; a score below zero has none. */
export function barShare(value: number): number {
  return Math.min(100, Math.max(0, Number.isFinite(value) ? value * 100 : 0));
}

/**
 * A score stands among the columns that points are colored by, under a name no table has. Links
 * and bookmarks hold that name, so it stays as it is.
 */
const PREFIX = "this picture: ";

export function scoreColumn(score: Score, values: Float32Array | null): Column {
  let nMissing = 0;
  for (const value of values ?? []) if (Number.isNaN(value)) nMissing += 1;
  return {
    index: -1 - SCORES.indexOf(score),
    name: PREFIX + score,
    kind: "numeric",
    n_missing: nMissing,
    n_categories: 0,
    code_bytes: 2,
    number_bytes: 4,
    is_integer: false,
    minimum: null,
    maximum: null,
    media: null,
    tags: null,
  };
}

/** How a score is chosen; its place says nothing. */
export function scoreRef(score: Score): ColumnRef {
  return { name: PREFIX + score, index: 0 };
}

export function scoreOf(name: string): Score | null {
  return SCORES.find((score) => name === PREFIX + score) ?? null;
}

/** A score is not a column of the table: it belongs to the projection, and has no place there. */
export function isScoreColumn({ index }: Column): boolean {
  return index < 0;
}
