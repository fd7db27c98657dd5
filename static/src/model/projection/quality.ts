/** How far a picture can be trusted: four scores, what they mean, and how they come. */
import type { Column, ColumnRef } from "../data/dataset";

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
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly phase: string;
  readonly done: number;
  readonly total: number;
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
        meaning: `Are points that are near here near in truth? 1 when all ${k} nearest are; it falls with how far off intruders are.`,
      };
    case "continuity":
      return {
        title: "Continuity",
        meaning: `Are points that are near in truth near here? 1 when none of the ${k} true neighbors was torn away.`,
      };
    case "overlap":
      return {
        title: "Neighbor overlap",
        meaning: `The share of the ${k} true neighbors that are also among the ${k} nearest here.`,
      };
    case "distance_correlation":
      return {
        title: "Distance correlation",
        meaning: `Are nearer neighbors drawn nearer? Correlation of the distances to the ${k} true neighbors, −1 to 1.`,
      };
  }
}

/** Work on up to so many points is so short that nobody needs to be asked. */
export const MAX_UNASKED_POINTS = 20_000;

export function isMeasuring(quality: Quality | null): boolean {
  return quality?.state === "queued" || quality?.state === "running";
}

/**
 * Which of two reports is kept. Answers and events overtake each other, and a server that was
 * asked for the projection again may not know of its measurement: what is finished stays.
 */
export function newerQuality(news: Quality | null, known: Quality | null): Quality | null {
  if (known?.state === "done" && news?.state !== "done") return known;
  return news ?? known;
}

/** Two digits after the point: a third one is noise. */
export function scoreText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "–";
}

/** Percent of a bar's length; a score below zero has none. */
export function barShare(value: number): number {
  return Math.min(100, Math.max(0, Number.isFinite(value) ? value * 100 : 0));
}

/** A score stands among the columns that points are colored by, under a name no table has. */
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

/** A score is no column of the table: it belongs to the picture, and has no place in a file. */
export function isScoreColumn({ index }: Column): boolean {
  return index < 0;
}
