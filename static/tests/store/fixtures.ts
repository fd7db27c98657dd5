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
  is_missing: false,
  n_seen: null,
  entries: [entry("a", 10), entry("a", 20), entry("b", 10)],
  problems: [],
  read_only: false,
};

/** A whole number without bounds, and whatever else it is said to be. */
export function parameter(name: string, part: Partial<Parameter> = {}): Parameter {
  return {
    name,
    kind: "int",
    default: 0,
    help: `What ${name} does.`,
    low: null,
    high: null,
    choices: [],
    log: false,
    advanced: false,
    group: "",
    unset: "",
    note: "",
    of: "",
    only_3d: false,
    requires: null,
    choices_if: {},
    ...part,
  };
}

/** A method without any trait, and whatever else it is said to be. */
export function method(name: string, part: Partial<Method> = {}): Method {
  return {
    name,
    title: name,
    summary: `What ${name} shows.`,
    live: [],
    live_if: null,
    parameters: [],
    actions: [],
    is_instant: false,
    keeps_components: false,
    lays_out_series: false,
    free_orientation: false,
    takes_labels: false,
    ...part,
  };
}

const dimensions = parameter("n_components", { default: 2, low: 2, high: 3 });

/** One that no page has ever heard of, with every kind of parameter in every group. */
export const unheardOf: Method = method("unheard_of", {
  title: "Unheard of",
  live: ["speed", "weight"],
  actions: [{ name: "stir", title: "Stir", help: "Move every point a little." }],
  free_orientation: true,
  takes_labels: true,
  parameters: [
    dimensions,
    parameter("speed", { kind: "float", default: 1, low: 0.01, high: 100, log: true }),
    parameter("rounds", { default: null, low: 1, unset: "auto", advanced: true }),
    parameter("shape", { kind: "choice", default: "round", choices: ["round", "square"] }),
    parameter("is_tight", { kind: "bool", default: false }),
    parameter("formula", { kind: "text", default: null, unset: "none" }),
    parameter("x_from", { kind: "points", default: null, unset: "all points" }),
    parameter("x_to", { kind: "points", default: null, unset: "all points" }),
    parameter("z_from", { kind: "points", default: null, unset: "all points", only_3d: true }),
    parameter("by", {
      kind: "column",
      default: null,
      group: "labels",
      unset: "none",
      note: "guided by {value}",
    }),
    parameter("weight", {
      kind: "float",
      default: 0.5,
      low: 0,
      high: 1,
      group: "labels",
      note: "weight {value}",
      advanced: true,
    }),
    parameter("unknown_value", {
      kind: "category",
      default: null,
      of: "by",
      group: "labels",
      unset: "none",
      note: "ignoring {value}",
    }),
    parameter("n_sampled", {
      default: null,
      low: 2,
      group: "scale",
      unset: "all",
      note: "{value} sampled",
      advanced: true,
    }),
    parameter("scaled", {
      kind: "bool",
      default: false,
      group: "preprocessing",
      note: "scaled",
    }),
    parameter("seed", { default: 0, note: "seed {value}", advanced: true }),
  ],
});

export const methods: readonly Method[] = [
  method("pca", {
    title: "PCA",
    is_instant: true,
    keeps_components: true,
    parameters: [dimensions],
  }),
  method("umap", {
    title: "UMAP",
    live: ["n_neighbors"],
    free_orientation: true,
    takes_labels: true,
    parameters: [
      dimensions,
      parameter("n_neighbors", { default: 15, low: 2, high: 200 }),
      parameter("supervise_by", {
        kind: "column",
        default: null,
        group: "labels",
        unset: "none",
        note: "supervised by {value}",
        advanced: true,
      }),
      parameter("n_landmarks", {
        default: null,
        low: 2,
        group: "scale",
        unset: "all",
        note: "{value} landmarks",
        advanced: true,
      }),
    ],
  }),
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
    ahead: null,
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
