/** State that all views share: what came from the server, and what is selected of which points. */
import type { CodeValues, ColorOrder, NumberValues } from "../../model/color/color-style";
import type { Categories, Dataset, PointValues } from "../../model/data/dataset";
import type { Density } from "../../model/data/density";
import type { Estimates } from "../../model/data/estimate";
import type { PackedText } from "../../model/data/packed-text";
import type { SomeTexts } from "../../model/data/some-texts";
import type { Sprite } from "../../model/data/sprite";
import type { Projection } from "../../model/projection/projection";
import type { ClusterSearches } from "./clusters";
import type { Drift } from "./drift";
import type { Loadable } from "./loadable";
import type { Matches } from "./matches";
import { type Measures, NO_MEASURES } from "./measures";
import type { PointSpace, PointsState } from "./point-space";
import { INITIAL_QUALITY, type QualityState } from "./quality";
import { NO_RUNS, type RunsState } from "./runs";
import type { LoadedScalars } from "./scalars";
import type { TagTables } from "./tags";

/** The arrays of a column, each fetched only when something needs it. */
export interface ColumnData {
  readonly numbers?: NumberValues;
  readonly codes?: CodeValues;
  readonly text?: PackedText;
  /** In place of `text` where there are too many points to fetch all of theirs. */
  readonly someTexts?: SomeTexts;
  /** All values with their counts: the legend needs the frequent ones only. */
  readonly values?: Categories;
  /** What it was before it was tagged; shown until the new one has come. */
  readonly isStale?: boolean;
}

/** What is known of one dataset. */
export interface DatasetData {
  readonly info: Dataset;
  /** Of its files, when it was fetched; null where the listing did not say. */
  readonly revision: string | null;
  /** Of its tags, likewise. */
  readonly tags: string | null;
  readonly columns: Readonly<Record<number, ColumnData>>;
  readonly sprite: Loadable<Sprite>;
  /** Of each point of a subset its row in the whole; missing until it has come. */
  readonly ids?: Uint32Array;
  /** By method; missing until they were asked for. */
  readonly estimates?: Estimates;
  /** Of all points, where these are some of more; missing until it was asked for. */
  readonly density?: Density;
}

export interface KnownProjections {
  /** Every projection that this page has heard of, by id. */
  readonly projections: Readonly<Record<string, Projection>>;
  /** Which projection answers which request (dataset, method, parameters). */
  readonly answers: Readonly<Record<string, string>>;
  /** The datasets of each tensor that were laid out together last (see `tensorKey`). */
  readonly together: Readonly<Record<string, readonly string[]>>;
}

/** Metadata of one point of a dataset. */
export interface KnownPoint extends PointValues {
  readonly dataset: string;
}

export interface KnownValues {
  /** By `pointKey`. */
  readonly values: Readonly<Record<string, KnownPoint>>;
}

/** Metadata may change from step to step, so a row alone does not name it. */
export function pointKey(dataset: string, index: number): string {
  return `${dataset}:${index}`;
}

export interface DataState {
  readonly datasets: Readonly<Record<string, DatasetData>>;
  readonly work: KnownProjections;
  readonly attention: KnownValues;
  /** The colors of categories, as they were arranged when they were first seen. */
  readonly colorOrder: ColorOrder;
  readonly quality: QualityState;
  readonly clusters: ClusterSearches;
  /** null before any was asked for. */
  readonly drift: Drift | null;
  /** Of the points of views that are not the same ones row by row. */
  readonly matches: Matches;
  readonly measures: Measures;
  readonly runs: RunsState;
  readonly scalars: LoadedScalars;
  readonly tags: TagTables;
  /** Of each set of points that a view shows. */
  readonly points: Readonly<Record<PointSpace, PointsState>>;
}

export const INITIAL_DATA_STATE: DataState = {
  datasets: {},
  work: { projections: {}, answers: {}, together: {} },
  attention: { values: {} },
  colorOrder: new Map(),
  quality: INITIAL_QUALITY,
  clusters: {},
  drift: null,
  matches: {},
  measures: NO_MEASURES,
  runs: NO_RUNS,
  scalars: { runs: {} },
  tags: { tables: {}, kept: {} },
  points: {},
};
