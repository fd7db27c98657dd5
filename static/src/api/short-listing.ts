/**
 * The listing in short, as the server sends it: one record for each tensor with all of its steps,
 * or what changed since another listing (docs/wire.md). Its entries are views of the records.
 */
import type { Entry, Listing, Problem, Role } from "../model/data/listing";
import { sha256 } from "../model/data/sha256";

/** One value for all steps, or one for each. */
type Column<T extends string | number | boolean> = T | readonly T[];

/** Paths that differ in nothing but the step. */
interface PathAroundStep {
  readonly start: string;
  readonly end: string;
  /** The step is filled up with zeros to so many digits. */
  readonly digits: number;
}

interface TensorRecord {
  readonly run: string;
  readonly name: string;
  readonly steps: readonly (number | null)[];
  readonly n_points: Column<number>;
  readonly n_dims: Column<number>;
  readonly dtype: Column<string>;
  readonly format: Column<string>;
  readonly path: Column<string> | PathAroundStep;
  readonly has_metadata: Column<boolean>;
  readonly has_sprite: Column<boolean>;
  readonly has_bookmarks: Column<boolean>;
  readonly has_scalars: Column<boolean>;
  readonly role: Column<Role>;
  readonly revision: Column<string>;
  readonly tags: Column<string>;
  /** Only where the page cannot make the ids itself. */
  readonly id?: readonly string[];
}

type Head = Omit<Listing, "entries" | "problems">;

interface ShortListing extends Head {
  readonly problems: readonly Problem[];
  readonly tensors: readonly TensorRecord[];
}

interface ListingChanges extends Head {
  /** The version of the listing that they change. */
  readonly since: string;
  /** Left out where they are the same. */
  readonly problems?: readonly Problem[];
  /** Places of records that are not there any more, in the other listing, ascending. */
  readonly removed: readonly number[];
  /** Places of the new records, in this listing, ascending. */
  readonly at: readonly number[];
  readonly changed: readonly TensorRecord[];
}

export type ListingBody = Listing | ShortListing | ListingChanges;

/** A listing with what further changes apply to. */
export interface KeptListing {
  readonly listing: Listing;
  /** The entries of each record. */
  readonly tensors: readonly (readonly Entry[])[];
}

/**
 * Reads an answer of the server.
 *
 * @param before The listing whose version was named in the request.
 * @returns null for changes of another listing.
 */
export function readListing(body: ListingBody, before: KeptListing | null): KeptListing | null {
  if ("entries" in body) return { listing: body, tensors: [] };
  if ("tensors" in body) {
    const { tensors: records, ...rest } = body;
    const tensors = records.map(entriesOf);
    return { listing: { ...rest, entries: tensors.flat() }, tensors };
  }
  if (before?.listing.version !== body.since) return null;
  const { since, removed, at, changed, problems, ...rest } = body;
  const gone = new Set(removed);
  const tensors = before.tensors.filter((_, place) => !gone.has(place));
  // Ascending: each stands where it will be once those before it are there.
  const arrived = new Map(at.map((place, number) => [place, changed[number]]));
  const merged: (readonly Entry[])[] = [];
  let next = 0;
  while (merged.length < tensors.length + arrived.size) {
    const record = arrived.get(merged.length);
    const stayed = tensors[next];
    if (record) merged.push(entriesOf(record));
    else if (stayed) {
      merged.push(stayed);
      next += 1;
    } else return null;
  }
  const listing = {
    ...rest,
    problems: problems ?? before.listing.problems,
    entries: merged.flat(),
  };
  return { listing, tensors: merged };
}

function entriesOf(record: TensorRecord): readonly Entry[] {
  return record.steps.map((_, at) => new Step(record, at));
}

/** What a record has as columns. */
const COLUMNS = [
  "n_points",
  "n_dims",
  "dtype",
  "format",
  "has_metadata",
  "has_sprite",
  "has_bookmarks",
  "has_scalars",
  "role",
  "revision",
  "tags",
] as const;

function valueAt<T extends string | number | boolean>(column: Column<T>, at: number): T {
  // A column that is shorter than the steps is none of this server.
  return typeof column === "object" ? (column[at] as T) : column;
}

/** An entry that reads its record: 40,000 of them share what their tensors have in common. */
class Step implements Entry {
  declare readonly n_points: number;
  declare readonly n_dims: number;
  declare readonly dtype: string;
  declare readonly format: string;
  declare readonly has_metadata: boolean;
  declare readonly has_sprite: boolean;
  declare readonly has_bookmarks: boolean;
  declare readonly has_scalars: boolean;
  declare readonly role: Role;
  declare readonly revision: string;
  declare readonly tags: string;
  private known = "";

  constructor(
    readonly record: TensorRecord,
    readonly at: number,
  ) {}

  get run(): string {
    return this.record.run;
  }

  get name(): string {
    return this.record.name;
  }

  get step(): number | null {
    return this.record.steps[this.at] ?? null;
  }

  /** Made of run, tensor and step, as the server makes it, when somebody asks for it. */
  get id(): string {
    if (!this.known) {
      const key = [this.run, this.name, this.step ?? "None"].join("\0");
      this.known = this.record.id?.[this.at] ?? sha256(key).slice(0, 16);
    }
    return this.known;
  }

  get path(): string {
    const { path } = this.record;
    if (typeof path !== "object" || !("start" in path)) return valueAt(path, this.at);
    return path.start + String(this.step).padStart(path.digits, "0") + path.end;
  }
}

for (const column of COLUMNS) {
  Object.defineProperty(Step.prototype, column, {
    get(this: Step) {
      return valueAt<string | number | boolean>(this.record[column], this.at);
    },
  });
}
