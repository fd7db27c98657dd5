/** The clusters of each dataset: on their way, found, or why not. */
import type { Clusters } from "../../model/data/clusters";

export interface ClusterSearch {
  readonly id: string;
  readonly status: "working" | "done" | "failed";
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
  readonly result: Clusters | null;
  /** By row, of how many points each is a neighbor; null until it has come. */
  readonly degree: Float32Array | null;
  /** Whether a person asked for it: only then is a failure worth a word. */
  readonly isAsked: boolean;
}

/** By the content of the vectors: all datasets with these have the same clusters. */
export type ClusterSearches = Readonly<Record<string, ClusterSearch>>;

/** A name in the plot that the pointer rests on. */
export interface PointedCluster {
  /** The level's place among the columns of clusters, the finest first. */
  readonly level: number;
  readonly text: string;
  /** CSS pixels from the plot's top left corner. */
  readonly x: number;
  readonly y: number;
}

export const NOTHING_YET: ClusterSearch = {
  id: "",
  status: "working",
  phase: "",
  done: 0,
  total: 0,
  message: "",
  result: null,
  degree: null,
  isAsked: false,
};

/** It is not begun again by itself. */
export const STOPPED: ClusterSearch = {
  ...NOTHING_YET,
  status: "failed",
  message: "It was stopped.",
};
