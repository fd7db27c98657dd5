/** Clusters that the server found, as its answer has them: levels, names, and why. */
import type { Column } from "./dataset";
import { isDriftColumn } from "./drift";
import type { Work } from "./work";

export interface ClusterWord {
  readonly text: string;
  readonly weight: number;
  /** Of the cluster's texts that have it, 0 to 1. */
  readonly share: number;
  readonly lift: number;
  readonly column: string;
}

export interface ClusterCategory {
  readonly column: string;
  readonly value: string;
  readonly share: number;
  readonly lift: number;
}

export interface ClusterName {
  readonly text: string;
  readonly by: "words" | "category" | "central" | "number";
  readonly size: number;
  readonly words: readonly ClusterWord[];
  readonly categories: readonly ClusterCategory[];
  /** Rows, the most central first. */
  readonly central: readonly number[];
  readonly labels: readonly string[];
}

export interface ClusterLevel {
  readonly n_clusters: number;
  readonly n_noise: number;
  readonly min_cluster_size: number;
  readonly parents: readonly number[];
  readonly names: readonly ClusterName[];
}

export interface Clusters {
  readonly space: "original" | "projection";
  readonly metric: string;
  /** Points that were clustered, where the others joined them; null where all were. */
  readonly n_landmarks?: number | null;
  /** The coarsest first. */
  readonly levels: readonly ClusterLevel[];
  readonly warnings: readonly string[];
}

/** The answer to a search, whether it is done or not. */
export type ClusterAnswer = Work<Clusters>;

/**
 * More points without groups than the first are a cloud that says nothing; more than the second
 * keep a processor for minutes, and a person decides.
 */
export const UNASKED_POINTS = { above: 5000, most: 200_000 } as const;

/** Whether no column of the data sorts the points into groups. */
export function isUnlabeled(columns: readonly Column[]): boolean {
  return !columns.some(({ kind, made_by = null }) => kind === "categorical" && made_by === null);
}

/** The columns of one result, the finest level first, as the server appends them. */
export function clusterColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter(isClusterColumn);
}

export function isClusterColumn(column: Column): boolean {
  return (column.made_by ?? null) !== null && !isDriftColumn(column);
}
