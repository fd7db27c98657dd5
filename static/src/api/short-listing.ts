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

function at<T extends string | number | boolean>(column: Column<T>, place: number): T {
  // A column that is shorter than the steps is none of this server.
  return typeof column === "object" ? (column[place] as T) : column;
}

/** An entry that reads its record: 40,000 of them share what their tensors have in common. */
class Step implements Entry {
  readonly #record: TensorRecord;
  readonly #at: number;
  #id: string | null = null;

  constructor(record: TensorRecord, place: number) {
    this.#record = record;
    this.#at = place;
  }

  /** Made of run, tensor and step, as the server makes it, when somebody asks for it. */
  get id(): string {
    if (this.#id === null) {
      const key = [this.run, this.name, this.step ?? "None"].join("\0");
      this.#id = this.#record.id?.[this.#at] ?? sha256(key).slice(0, 16);
    }
    return this.#id;
  }

  get run(): string {
    return this.#record.run;
  }

  get name(): string {
    return this.#record.name;
  }

  get step(): number | null {
    return this.#record.steps[this.#at] ?? null;
  }

  get n_points(): number {
    return at(this.#record.n_points, this.#at);
  }

  get n_dims(): number {
    return at(this.#record.n_dims, this.#at);
  }

  get dtype(): string {
    return at(this.#record.dtype, this.#at);
  }

  get format(): string {
    return at(this.#record.format, this.#at);
  }

  get path(): string {
    const { path } = this.#record;
    if (typeof path !== "object" || !("start" in path)) return at(path, this.#at);
    return path.start + String(this.step).padStart(path.digits, "0") + path.end;
  }

  get has_metadata(): boolean {
    return at(this.#record.has_metadata, this.#at);
  }

  get has_sprite(): boolean {
    return at(this.#record.has_sprite, this.#at);
  }

  get has_bookmarks(): boolean {
    return at(this.#record.has_bookmarks, this.#at);
  }

  get has_scalars(): boolean {
    return at(this.#record.has_scalars, this.#at);
  }

  get role(): Role {
    return at(this.#record.role, this.#at);
  }

  get revision(): string {
    return at(this.#record.revision, this.#at);
  }

  get tags(): string {
    return at(this.#record.tags, this.#at);
  }
}
