/** What changed between two listings of a log directory. */
import { type Entry, entryAt, type Listing, type Place, tensorsOf } from "./listing";

function lastOf(listing: Listing, { run, name }: Place): Entry | null {
  return tensorsOf(listing, run).find((tensor) => tensor.name === name)?.last ?? null;
}

/** The last step of the tensor where a person stands, where there was none so late before. */
export function newestStep(before: Listing, after: Listing, place: Place): Entry | null {
  const old = lastOf(before, place);
  const now = lastOf(after, place);
  if (!old || !now || now.step === null) return null;
  return now.step > (old.step ?? Number.NEGATIVE_INFINITY) ? now : null;
}

/** Datasets of which a file was rewritten: what was fetched of them holds no longer. */
export function rewritten(before: Listing, after: Listing): string[] {
  const old = new Map(before.entries.map(({ id, revision }) => [id, revision]));
  return after.entries
    .filter(({ id, revision }) => old.has(id) && old.get(id) !== revision)
    .map(({ id }) => id);
}

/** Whether a person stands where nothing is any more. */
export function isGone(listing: Listing, place: Place): boolean {
  return entryAt(listing, place) === null;
}

/** The stored steps of the tensor at a place, ascending. */
export function stepsOf(listing: Listing, { run, name }: Place): number[] {
  const tensor = tensorsOf(listing, run).find((each) => each.name === name);
  return (tensor?.steps ?? []).flatMap(({ step }) => (step === null ? [] : [step]));
}
