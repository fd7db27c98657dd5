/** True nearest neighbors of one point in the original space. */

export const METRIC_TITLES = {
  cosine: "Cosine",
  euclidean: "Euclidean",
  inner_product: "Inner product",
  manhattan: "Manhattan",
  correlation: "Correlation",
  chebyshev: "Chebyshev",
  canberra: "Canberra",
  braycurtis: "Bray-Curtis",
  hamming: "Hamming",
  jaccard: "Jaccard",
  haversine: "Haversine (latitude, longitude)",
} as const;
export type Metric = keyof typeof METRIC_TITLES;

export const METRICS: readonly Metric[] = [
  "cosine",
  "euclidean",
  "inner_product",
  "manhattan",
  "correlation",
  "chebyshev",
  "canberra",
  "braycurtis",
  "hamming",
  "jaccard",
  "haversine",
];

export interface Neighbors {
  readonly index: number;
  readonly metric: Metric;
  readonly k: number;
  /** Nearest first. */
  readonly indices: readonly number[];
  readonly distances: readonly number[];
  readonly exact: boolean;
}

export const MAX_NEIGHBORS = 1000;

export function isMetric(text: string): text is Metric {
  return METRICS.some((metric) => metric === text);
}

/**
 * Lengths of the bars, 0 to 1 of the longest. Distances start at 0; the inner product is a
 * similarity of any sign, and only its differences mean something.
 */
export function barLengths(distances: readonly number[]): number[] {
  if (distances.length === 0) return [];
  const low = Math.min(0, ...distances);
  const high = Math.max(...distances);
  const span = high - low;
  return distances.map((each) => (span > 0 ? (each - low) / span : 0));
}
