/** The listing of a log directory, and the ways through it: run, tensor, step. */
import { count } from "../text/format";

export type Role = "embedding" | "weight" | "slot";

/** One tensor of one run at one step. */
export interface Entry {
  readonly id: string;
  readonly run: string;
  readonly name: string;
  readonly step: number | null;
  readonly n_points: number;
  readonly n_dims: number;
  readonly dtype: string;
  readonly format: string;
  readonly path: string;
  readonly has_metadata: boolean;
  readonly has_sprite: boolean;
  /** Whether a config names a file of bookmarks for it. */
  readonly has_bookmarks: boolean;
  /** Whether event files of its run hold scalars. */
  readonly has_scalars: boolean;
  readonly role: Role;
  /** Changes when any file of the entry is rewritten: the same id is then another dataset. */
  readonly revision: string;
  /** Changes with its tags, which are no part of the data. */
  readonly tags: string;
}

/** A file that could not be read, or only with a reservation. */
export interface Problem {
  readonly run: string;
  readonly path: string;
  readonly message: string;
  readonly severity: "error" | "warning";
}

/** What a log directory that is not on the server's machine has cost so far. */
export interface RemoteUse {
  readonly address: string;
  readonly n_requests: number;
  readonly n_bytes: number;
  readonly n_total_bytes: number;
  /** Why the last look at it failed; empty if it did not. */
  readonly trouble: string;
  /** 0 for never. */
  readonly poll_seconds: number;
}

export interface Listing {
  readonly name: string;
  readonly root: string;
  readonly version: string;
  /** Whether the log directory was removed, and is waited for. */
  readonly is_missing: boolean;
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
  /** Files that were looked at so far, while the server still looks at others; else null. */
  readonly n_seen: number | null;
  /** Whether the server refuses whatever others would see: tags, files, running computations. */
  readonly read_only: boolean;
  /** Left out where all is on the server's machine. */
  readonly remote?: readonly RemoteUse[];
}

/** Where in the log a person stands: what they want to see, whether it exists or not. */
export interface Place {
  readonly run: string;
  readonly name: string;
  readonly step: number | null;
}

/** One tensor of a run with all its steps. */
export interface Tensor {
  readonly name: string;
  /** Steps ascending, at least one. */
  readonly steps: readonly Entry[];
  readonly last: Entry;
}

/** Runs in the order in which their first entry is offered. */
export function runsOf(listing: Listing): string[] {
  return [...new Set(listing.entries.map((entry) => entry.run))];
}

/** A run as a list of many tells it. */
export interface RunSummary {
  readonly run: string;
  /** Of its largest tensor: "1,797 × 32". */
  readonly shape: string;
  /** Different steps, of all its tensors. */
  readonly nSteps: number;
}

/** Every run once, in one pass: there may be tens of thousands of entries. */
export function summarizeRuns(listing: Listing): RunSummary[] {
  const runs = new Map<string, { steps: Set<number | null>; nPoints: number; nDims: number }>();
  for (const { run, step, n_points, n_dims } of listing.entries) {
    const known = runs.get(run) ?? { steps: new Set(), nPoints: 0, nDims: 0 };
    known.steps.add(step);
    if (n_points * n_dims > known.nPoints * known.nDims) {
      known.nPoints = n_points;
      known.nDims = n_dims;
    }
    runs.set(run, known);
  }
  return [...runs].map(([run, { steps, nPoints, nDims }]) => ({
    run,
    shape: `${count(nPoints)} × ${count(nDims)}`,
    nSteps: steps.size,
  }));
}

const ROLE_ORDER: Record<Role, number> = { embedding: 0, weight: 1, slot: 2 };

/** A run's tensors in the server's order, optimizer slots last. */
export function tensorsOf(listing: Listing, run: string): Tensor[] {
  const byName = new Map<string, Entry[]>();
  for (const entry of listing.entries) {
    if (entry.run !== run) continue;
    const steps = byName.get(entry.name);
    if (steps) steps.push(entry);
    else byName.set(entry.name, [entry]);
  }
  const tensors: Tensor[] = [];
  for (const [name, steps] of byName) {
    const last = steps.at(-1);
    if (last) tensors.push({ name, steps, last });
  }
  // sort is stable: within a role the server's order stays.
  return tensors.sort((a, b) => ROLE_ORDER[a.last.role] - ROLE_ORDER[b.last.role]);
}

export function placeOf(entry: Entry): Place {
  return { run: entry.run, name: entry.name, step: entry.step };
}

const indexes = new WeakMap<Listing, ReadonlyMap<string, Entry>>();

/** The entry with this id. */
export function entryWithId(listing: Listing, id: string): Entry | null {
  let index = indexes.get(listing);
  if (!index) {
    index = new Map(listing.entries.map((entry) => [entry.id, entry]));
    indexes.set(listing, index);
  }
  return index.get(id) ?? null;
}

/** The entry at exactly this place. */
export function entryAt(listing: Listing, place: Place): Entry | null {
  return (
    listing.entries.find(
      (entry) => entry.run === place.run && entry.name === place.name && entry.step === place.step,
    ) ?? null
  );
}

/**
 * The entry that comes nearest to a wanted place. A link may name a step that was deleted, and
 * another run need not have the same steps or names: the person should stay as close as possible.
 */
export function nearestEntry(listing: Listing, wanted: Partial<Place>): Entry | null {
  const first = listing.entries[0];
  if (!first) return null;
  const runs = runsOf(listing);
  const run = wanted.run !== undefined && runs.includes(wanted.run) ? wanted.run : first.run;
  const tensors = tensorsOf(listing, run);
  const tensor = tensors.find((each) => each.name === wanted.name) ?? tensors[0];
  if (!tensor) return null;
  // The last step is what the model has learned in the end.
  if (wanted.step === undefined || wanted.step === null) return tensor.last;
  return nearestStep(tensor, wanted.step);
}

function nearestStep(tensor: Tensor, step: number): Entry {
  let best = tensor.last;
  for (const entry of tensor.steps) {
    if (Math.abs((entry.step ?? 0) - step) < Math.abs((best.step ?? 0) - step)) best = entry;
  }
  return best;
}

/** The entry `offset` steps away within the same tensor, or null at the ends. */
export function neighborStep(listing: Listing, place: Place, offset: number): Entry | null {
  const tensor = tensorsOf(listing, place.run).find((each) => each.name === place.name);
  if (!tensor) return null;
  const at = tensor.steps.findIndex((entry) => entry.step === place.step);
  if (at >= 0) return tensor.steps[at + offset] ?? null;
  // The step itself was deleted: from where it stood.
  const after = tensor.steps.findIndex((entry) => (entry.step ?? 0) > (place.step ?? 0));
  const next = after < 0 ? tensor.steps.length : after;
  return tensor.steps[offset > 0 ? next + offset - 1 : next + offset] ?? null;
}
