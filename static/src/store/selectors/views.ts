/** The views of the page, as one of them sees them. */
import { differingSettings, settingsInShort } from "../../model/data/runs";
import type { RootState } from "../state/root-state";
import type { State } from "../state/state";
import type { ViewId } from "../state/view-id";

/** A, B, C, … in the order of the page. */
export function viewLetter({ views }: State): string {
  return letterAt(Math.max(0, views.order.indexOf(views.own)));
}

function letterAt(place: number): string {
  return String.fromCharCode(65 + place);
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

/** "lr 0.01": the hyperparameters in which this view's run differs from those of the others. */
export function ownSettings(state: State): string {
  const names = new Set(cursors(state).map(({ run }) => run));
  const runs = [...names].flatMap((name) => state.runs.known[name ?? ""] ?? []);
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
