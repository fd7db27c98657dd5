/** What was measured of many steps or runs, for all views. */
import type { Distributions } from "../../model/data/distributions";
import type { HealthSeries, HealthSummary } from "../../model/data/health";
import type { Histograms } from "../../model/data/histograms";
import type { Measurement } from "../../model/data/measurement";
import type { Similarity } from "../../model/data/similarity";

export interface MeasureValues {
  readonly health: HealthSeries;
  readonly similarity: Similarity;
  readonly dimensions: Distributions;
  readonly histograms: Histograms;
}

/** The health of every run, for the table of runs. */
export interface RunsHealth {
  /** By run, as far as it was measured. */
  readonly found: Readonly<Record<string, RunHealth>>;
  /** Runs that are still to be measured, of how many; null while none is. */
  readonly work: { readonly left: number; readonly total: number } | null;
}

/** What was found in these datasets, or why there is none. */
export type RunHealth = { readonly key: string } & (
  | { readonly summary: HealthSummary }
  | { readonly message: string }
);

/** Each the one that was asked for last; missing before any was. */
export type Measures = {
  readonly [Name in keyof MeasureValues]?: Measurement<MeasureValues[Name]>;
} & { readonly runs: RunsHealth };

export const NO_MEASURES: Measures = { runs: { found: {}, work: null } };
