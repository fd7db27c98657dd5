/** The views of the page, as one of them sees them. */
import { differingSettings, settingsInShort } from "../../model/data/runs";
import { count } from "../../model/text/format";
import type { RootState } from "../state/root-state";
import type { State } from "../state/state";
import { letterAt, type ViewId } from "../state/view-id";
import { pairsOf, type ViewPair } from "../state/view-pairs";
import { viewParts } from "../state/views-state";
import { methodNamed } from "./listing";

/** A, B, C, … in the order of the page. */
export function viewLetter({ views }: State): string {
  return letterAt(Math.max(0, views.order.indexOf(views.own)));
}

/** "mlp-relu · hidden · step 2,000 · UMAP" */
export function viewTitle(state: State): string {
  return Object.values(titleParts(state)).filter(Boolean).join(" · ");
}

export interface TitleWord {
  readonly part: "run" | "tensor" | "step" | "method" | "settings";
  readonly text: string;
}

/** Only that in which it differs from the other views; all of it where it differs in nothing. */
export function titleWords(state: State): readonly TitleWord[] {
  const differing = state.views.differing.split(" ");
  const all = Object.entries(titleParts(state)).filter(([, text]) => text !== "");
  const own = all.filter(([part]) => differing.includes(part));
  const words = (own.length > 0 ? own : all) as [TitleWord["part"], string][];
  const settings = differing.includes("run") ? ownSettings(state) : "";
  return [...words, ...(settings ? [["settings", settings] as const] : [])].map(([part, text]) => ({
    part,
    text,
  }));
}

function titleParts(state: State): Readonly<Record<string, string>> {
  const { run = "", tensor = "", step, method } = viewParts(state.view);
  const title = methodNamed(state, method)?.title ?? method;
  return {
    run,
    tensor,
    step: typeof step === "number" ? `step ${count(step)}` : "",
    method: title,
  };
}

/** The runs that views show, each once, in the order of the page. */
export function runsOfViews({ views, order }: RootState): readonly string[] {
  return [...new Set(order.flatMap((id) => views[id]?.view.place?.run ?? []))];
}

/** Where a view is: its run and its step. */
export interface Cursor {
  readonly letter: string;
  readonly isOwn: boolean;
  readonly run: string | null;
  readonly step: number | null;
}

/** Of all views, in the order of the page. */
export function cursors({ views }: State): readonly Cursor[] {
  const all = JSON.parse(views.cursors) as [string, string | null, number | null][];
  return all.map(([id, run, step], at) => ({
    letter: letterAt(at),
    isOwn: id === views.own,
    run,
    step,
  }));
}

/** The runs that views show, as this one sees them. */
function runsShown(state: State): ReadonlySet<string> {
  return new Set(cursors(state).flatMap(({ run }) => run ?? []));
}

export function showsSeveralRuns(state: State): boolean {
  return runsShown(state).size > 1;
}

/** Those that the other views show. */
export function runsElsewhere(state: State): readonly string[] {
  return [...runsShown(state)].filter((run) => run !== state.view.place?.run);
}

/** "lr 0.01": the hyperparameters in which this view's run differs from those of the others. */
export function ownSettings(state: State): string {
  const runs = [...runsShown(state)].flatMap((name) => state.runs.known[name] ?? []);
  const own = state.runs.known[state.view.place?.run ?? ""];
  if (!own || runs.length < 2) return "";
  return settingsInShort(own, differingSettings(runs));
}

/** Views of the same tensor in other runs, whose steps go along with those of `id`. */
export function viewsAlong({ page, views, order }: RootState, id: ViewId): readonly ViewId[] {
  const own = views[id]?.view.place;
  if (!own || page.page.stepLink === "off") return [];
  return order.filter((other) => {
    const place = views[other]?.view.place;
    return place?.name === own.name && place.run !== own.run;
  });
}

/** The pairs of views of the same points whose datasets this view shows one of. */
export function ownPairs({ views, work }: State): readonly ViewPair[] {
  const own = work.shown?.dataset;
  return pairsOf(views.pairs).filter(({ from, to }) =>
    [from.dataset, to.dataset].includes(own ?? ""),
  );
}

/** What two datasets are called that are compared: by the letters of their views, if both have one. */
export function driftSides({ views }: State, from: string, to: string): readonly [string, string] {
  const found = pairsOf(views.pairs).find(
    (pair) => isBetween(pair, from, to) || isBetween(pair, to, from),
  );
  if (!found) return ["the first", "the second"];
  const { from: a, to: b } = found;
  return a.dataset === from ? [a.letter, b.letter] : [b.letter, a.letter];
}

/** "Drift A→B"; the letters are missing where no two views show what is compared. */
export function driftTitle(state: State, from: string, to: string): string {
  const [a, b] = driftSides(state, from, to);
  return a.length === 1 ? `Drift ${a}→${b}` : "Drift";
}

function isBetween(pair: ViewPair, from: string, to: string): boolean {
  return pair.from.dataset === from && pair.to.dataset === to;
}
