/** What is measured of the shown tensor: which steps and runs, and what has come of it. */
import { evenly } from "../../model/data/evenly";
import { MOST_MEASURED, type RunSteps } from "../../model/data/health";
import { type Entry, entryAt, type Listing, tensorsOf } from "../../model/data/listing";
import { type Compared, comparedRuns, comparedSteps, stepLabel } from "../../model/data/similarity";
import type { State } from "../state/state";
import { listingOf } from "./listing";
import { cursors } from "./views";

/** All steps of the shown tensor, ascending. */
function stepsHere(state: State): readonly Entry[] {
  const { place } = state.view;
  const listing = listingOf(state);
  if (!listing || !place) return [];
  return tensorsOf(listing, place.run).find(({ name }) => name === place.name)?.steps ?? [];
}

export interface Chosen {
  readonly entries: readonly Entry[];
  readonly nAll: number;
}

/** At most `most` steps of the shown tensor, evenly chosen. */
export function chosenSteps(state: State, most: number): Chosen {
  const all = stepsHere(state);
  return { entries: evenly(all, most), nAll: all.length };
}

/** The same steps of the same files. */
export function isSameChoice(a: Chosen, b: Chosen): boolean {
  return a.nAll === b.nAll && keyOf(a.entries) === keyOf(b.entries);
}

/** A rewritten file has another revision. */
export function keyOf(entries: readonly Entry[]): string {
  return entries.map(({ id, revision }) => `${id} ${revision}`).join("\n");
}

export type ComparedKind = "steps" | "runs" | "views";

/** What can be compared here: two or more of each. */
export function comparedKinds(state: State): readonly ComparedKind[] {
  return (["steps", "runs", "views"] as const).filter(
    (kind) => comparedOf(state, kind).entries.length > 1,
  );
}

export function comparedOf(state: State, kind: ComparedKind): Compared {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing || !place) return { entries: [], nAll: 0, labels: [], note: "" };
  if (kind === "steps") return comparedSteps(listing, place);
  return kind === "runs" ? comparedRuns(listing, place) : comparedViews(state, listing);
}

/** The shown tensor where the views are, each place once. */
function comparedViews(state: State, listing: Listing): Compared {
  const name = state.view.place?.name ?? "";
  const found = cursors(state).flatMap(({ letter, run, step }) => {
    const entry = run === null ? null : entryAt(listing, { run, name, step });
    return entry ? { entry, label: `${letter}: ${entry.run}, ${stepLabel(entry)}` } : [];
  });
  const apart = found.filter(
    ({ entry }, at) => found.findIndex((other) => other.entry === entry) === at,
  );
  const entries = apart.map(({ entry }) => entry);
  return { entries, nAll: entries.length, labels: apart.map(({ label }) => label), note: "" };
}

/**
 * What the table of runs measures: of each run the tensor of this name, or its likeliest one, at
 * some of its steps, evenly chosen.
 */
export function stepsOfRuns(listing: Listing, name: string | null): readonly RunSteps[] {
  const byRun = new Map<string, Entry[]>();
  for (const entry of listing.entries) {
    const own = byRun.get(entry.run);
    if (own) own.push(entry);
    else byRun.set(entry.run, [entry]);
  }
  return [...byRun].flatMap(([run, entries]) => {
    const tensors = tensorsOf({ ...listing, entries }, run);
    const tensor = tensors.find((each) => each.name === name) ?? tensors[0];
    const steps = evenly(tensor?.steps ?? [], MOST_MEASURED);
    if (steps.length === 0) return [];
    const nNumbers = steps.reduce((sum, each) => sum + each.n_points * each.n_dims, 0);
    return { run, datasets: steps.map(({ id }) => id), key: keyOf(steps), nNumbers };
  });
}
