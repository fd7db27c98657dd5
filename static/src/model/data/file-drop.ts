/** Dropped files: how far they are uploaded, and what became of them. */
import { type Entry, type Listing, nearestEntry, type Problem } from "./listing";

export type UploadState = "waiting" | "sending" | "done" | "failed";

export interface Upload {
  readonly name: string;
  readonly size: number;
  /** Bytes that have left. */
  readonly sent: number;
  readonly state: UploadState;
  /** Why it was not taken, in the server's words. */
  readonly message: string | null;
}

/** Files that were given at once: vectors and their metadata belong together. */
export interface Drop {
  readonly batch: string;
  readonly files: readonly Upload[];
  /** "reading": all of them are there, and the log is asked what they are. */
  readonly state: "sending" | "reading" | "failed";
}

/** What is known of a file before it is sent. */
export interface NamedSize {
  readonly name: string;
  readonly size: number;
}

export function startDrop(batch: string, files: readonly NamedSize[]): Drop {
  return {
    batch,
    files: files.map(({ name, size }) => ({
      name,
      size,
      sent: 0,
      state: "waiting",
      message: null,
    })),
    state: "sending",
  };
}

/** Of all files together; an empty file counts as one byte, so that it can be done. */
export function shareSent({ files }: Drop): number {
  const total = files.reduce((sum, { size }) => sum + Math.max(1, size), 0);
  const sent = files.reduce(
    (sum, each) => sum + (each.state === "done" ? Math.max(1, each.size) : each.sent),
    0,
  );
  return total === 0 ? 0 : sent / total;
}

const MAX_STEM = 30;
const COMPRESSED = /\.(?:gz|bz2|xz|zst|zip)$/;
/** Files that describe the points of others. */
const METADATA = /^(?:meta|labels?\b|names\b|classes\b|vocab)/;

/**
 * A name for the drop that a person recognizes in the list of runs: the largest file's own, as
 * far as the server takes it, and a number where that is taken. Metadata gives no name to vectors.
 */
export function batchName(files: readonly NamedSize[], taken: ReadonlySet<string>): string {
  const named = files.map(({ name, size }) => ({ name: name.toLowerCase(), size }));
  const vectors = named.filter(({ name }) => !METADATA.test(name));
  const [largest] = (vectors.length > 0 ? vectors : named).sort((a, b) => b.size - a.size);
  const stem = (largest?.name ?? "")
    .replace(COMPRESSED, "")
    .replace(/\.[a-z][a-z0-9]*$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_STEM)
    .replace(/^-+|-+$/g, "");
  const base = stem === "" ? "files" : stem;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const name = `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

const RUN = "dropped/";

export function runOfBatch(batch: string): string {
  return RUN + batch;
}

/** Batches that the log knows already, from this page or another one. */
export function batchesIn(listing: Listing): string[] {
  const runs = [...listing.entries, ...listing.problems].map(({ run }) => run);
  return runs.filter((run) => run.startsWith(RUN)).map((run) => run.slice(RUN.length));
}

/** What the log says of a drop: what to open, and what could not be read. */
export interface Outcome {
  readonly entry: Entry | null;
  readonly problems: readonly Problem[];
}

export function outcomeOf(listing: Listing, batch: string): Outcome {
  const run = runOfBatch(batch);
  const entries = listing.entries.filter((entry) => entry.run === run);
  return {
    entry: entries.length > 0 ? nearestEntry({ ...listing, entries }, { run }) : null,
    problems: listing.problems.filter((problem) => problem.run === run),
  };
}

/** "embeddings.npy", "embeddings.npy and labels.tsv", "embeddings.npy and 3 more". */
export function namesOf(files: readonly NamedSize[]): string {
  const [first, second, ...rest] = files.map(({ name }) => name);
  if (second === undefined) return first ?? "";
  return rest.length === 0 ? `${first} and ${second}` : `${first} and ${files.length - 1} more`;
}

/** "12 kB", "3.4 MB": thousands, as file managers count. */
export function fileSize(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? String(Math.round(value)) : value.toPrecision(2);
  return `${text} ${units[unit]}`;
}
