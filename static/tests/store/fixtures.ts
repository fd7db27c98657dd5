/** A small log and what a server would say of it. */
import type { Dataset } from "../../src/model/data/dataset";
import type { Entry, Listing } from "../../src/model/data/listing";
import type { Method, Parameter } from "../../src/model/projection/method";
import type { Projection } from "../../src/model/projection/projection";
import type { Shown } from "../../src/store/state/state";

export function entry(run: string, step: number): Entry {
  return {
    id: `${run}-${step}`,
    run,
    name: "hidden",
    step,
    n_points: 3,
    n_dims: 8,
    dtype: "float32",
    format: "tensorflow",
    path: "",
    has_metadata: true,
    has_sprite: false,
    has_bookmarks: false,
    has_scalars: false,
    role: "embedding",
    revision: "r1",
    tags: "",
  };
}

export const listing: Listing = {
  name: "runs",
  root: "/runs",
  version: "1",
  entries: [entry("a", 10), entry("a", 20), entry("b", 10)],
  problems: [],
};

const parameter: Parameter = {
  name: "n_components",
  kind: "int",
  default: 2,
  help: "",
  low: 2,
  high: 3,
  choices: [],
  log: false,
  advanced: false,
};

export const methods: readonly Method[] = [
  { name: "pca", title: "PCA", summary: "", live: [], parameters: [parameter] },
  {
    name: "umap",
    title: "UMAP",
    summary: "",
    live: ["n_neighbors"],
    parameters: [parameter, { ...parameter, name: "n_neighbors", default: 15, high: 200 }],
  },
];

export function projection(part: Partial<Projection>): Projection {
  return {
    id: "p1",
    dataset: "a-10",
    method: "umap",
    params: {},
    state: "running",
    phase: "layout",
    done: 1,
    total: 10,
    remaining_seconds: null,
    paused: false,
    n_points: 3,
    n_components: 2,
    n_kept: 0,
    details: {},
    warnings: [],
    error: null,
    quality: null,
    ...part,
  };
}

/** `nPoints` points of a dataset, flat. */
export function shown(nPoints: number, part: Partial<Shown> = {}): Shown {
  return {
    dataset: "a-10",
    projection: "p1",
    method: "umap",
    params: {},
    components: null,
    positions: { values: new Float32Array(2 * nPoints), dims: 2 },
    isLive: false,
    ...part,
  };
}

export const dataset: Dataset = {
  id: "a-10",
  run: "a",
  name: "hidden",
  step: 10,
  n_points: 3,
  n_dims: 8,
  content: "c",
  warnings: [],
  columns: [
    {
      index: 0,
      name: "label",
      kind: "categorical",
      n_missing: 0,
      n_categories: 2,
      code_bytes: 2,
      number_bytes: 4,
      is_integer: null,
      minimum: null,
      maximum: null,
      media: null,
      tags: null,
    },
  ],
  label_column: 0,
  color_column: 0,
  sprite: null,
  n_unplaced: 0,
  tags: { revision: null, file: "a/hidden.projector-tags.tsv", beside: true, problems: [] },
};
