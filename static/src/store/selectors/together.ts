/** Whether the steps of a tensor are laid out together, and which. */
import { type Entry, entryAt, type Listing } from "../../model/data/listing";
import { count } from "../../model/text/format";
import type { State } from "../state/state";
import { entryOf, listingOf, methodNamed, methodsOf } from "./listing";

/** The server lays out no more at once. */
const MOST_STEPS = 200;
const MOST_POSITIONS = 5_000_000;

interface Steps {
  readonly entries: readonly Entry[];
  /** Why they cannot be laid out together; empty where they can. */
  readonly problem: string;
}

const NO_STEPS: Steps = { entries: [], problem: "" };

/** By run and name: every view asks in every change of the state. */
const known = new WeakMap<Listing, Map<string, Steps>>();

export function tensorKey({ run, name }: Pick<Entry, "run" | "name">): string {
  return `${run}\u0000${name}`;
}

function stepsOfTensor(listing: Listing, place: Pick<Entry, "run" | "name">): Steps {
  let all = known.get(listing);
  if (!all) {
    const entries = new Map<string, Entry[]>();
    for (const entry of listing.entries) {
      if (entry.step === null) continue;
      const key = tensorKey(entry);
      const others = entries.get(key);
      if (others) others.push(entry);
      else entries.set(key, [entry]);
    }
    all = new Map(
      [...entries].map(([key, own]) => [key, { entries: own, problem: problemOf(own) }]),
    );
    known.set(listing, all);
  }
  return all.get(tensorKey(place)) ?? NO_STEPS;
}

function problemOf(entries: readonly Entry[]): string {
  const n = entries.length;
  const nPoints = entries[0]?.n_points ?? 0;
  if (entries.some((each) => each.n_points !== nPoints))
    return "they have different numbers of points";
  if (n > MOST_STEPS) return `there are ${count(n)}, and at most ${count(MOST_STEPS)} can be`;
  if (n * nPoints > MOST_POSITIONS)
    return `they are ${count(n * nPoints)} positions, and at most ${count(MOST_POSITIONS)} can be`;
  return "";
}

/** Whether a person can choose it: there are several steps, and the open method can. */
export function offersTogether(state: State): boolean {
  const listing = listingOf(state);
  const { place, method } = state.view;
  if (!listing || !place) return false;
  const isAble = methodNamed(state, method)?.lays_out_series ?? false;
  return isAble && stepsOfTensor(listing, place).entries.length > 1;
}

/** Whether their motion is to be spoken of: several steps are or were seen. */
export function hasStepMotion(state: State): boolean {
  const { stepLayout } = state.view;
  return offersTogether(state) && (stepLayout !== "auto" || meansTogether(state));
}

/** Why the steps cannot be laid out together; empty where they can. */
export function togetherProblem(state: State): string {
  const listing = listingOf(state);
  const { place } = state.view;
  return listing && place ? stepsOfTensor(listing, place).problem : "";
}

/** Whether it is meant: it was chosen, or several steps were or are seen. */
export function meansTogether({ view, views }: State): boolean {
  return view.stepLayout === "together" || (view.stepLayout === "auto" && views.seesOtherStep);
}

/** Whether what is requested of this tensor is one layout of all steps. */
export function isTogether(state: State): boolean {
  const { place } = state.view;
  const listing = listingOf(state);
  const entry = listing && place ? entryAt(listing, place) : null;
  return entry !== null && togetherWith(state, state.view.request.method, entry.id) !== null;
}

/**
 * The datasets that one of them is laid out with; null where it is by itself. A step that was
 * written later does not move those that were laid out before it: only who goes to it sees the
 * longer series.
 */
export function togetherWith(
  state: State,
  method: string,
  dataset: string,
): readonly string[] | null {
  if (!meansTogether(state)) return null;
  const listing = listingOf(state);
  const entry = entryOf(state, dataset);
  if (!listing || !entry || entry.step === null || !canLayOut(state, method)) return null;
  const { entries, problem } = stepsOfTensor(listing, entry);
  if (entries.length < 2 || problem) return null;
  const before = state.work.together[tensorKey(entry)];
  const isKnown = before?.includes(dataset) && before.every((each) => entryOf(state, each));
  return isKnown && before ? before : idsOf(entries);
}

/** A link may come before the declarations; that it says so is enough. */
function canLayOut(state: State, method: string): boolean {
  if (!methodsOf(state)) return state.view.stepLayout === "together";
  return methodNamed(state, method)?.lays_out_series ?? false;
}

const lists = new WeakMap<readonly Entry[], readonly string[]>();

function idsOf(entries: readonly Entry[]): readonly string[] {
  const found = lists.get(entries) ?? entries.map(({ id }) => id);
  lists.set(entries, found);
  return found;
}

const texts = new WeakMap<readonly string[], string>();

/** One short text for one list of datasets. */
export function listKey(ids: readonly string[]): string {
  let found = texts.get(ids);
  if (found === undefined) {
    found = `${ids.length}-${hashed(ids.join(" "))}`;
    texts.set(ids, found);
  }
  return found;
}

/** FNV-1a in two halves: an equal hash of other ids is out of reach. */
function hashed(text: string): string {
  let [a, b] = [0x811c9dc5, 0xcbf29ce4];
  for (let at = 0; at < text.length; at++) {
    a = Math.imul(a ^ text.charCodeAt(at), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - at), 0x01000193);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
