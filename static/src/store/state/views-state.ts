/** What a view sees of the page's views: which it is, and in what they differ. */
import { isMatchedByRow } from "./point-space";
import type { RootState } from "./root-state";
import type { ViewId } from "./view-id";
import { pairsText } from "./view-pairs";
import type { ViewState } from "./view-state";

export interface ViewsState {
  readonly own: ViewId;
  /** In the order of the page. */
  readonly order: readonly ViewId[];
  readonly active: ViewId;
  /** Other views whose rows are taken for the same points. */
  readonly nMatched: number;
  /** Whether another view shows the same tensor at another step. */
  readonly seesOtherStep: boolean;
  /** In what the views differ: the names of these parts, with spaces between them. */
  readonly differing: string;
  /** Views that can be compared (see `pairsOf`). */
  readonly pairs: string;
  /** Where each of them is, in the order of the page, as JSON: see `cursorsOf`. */
  readonly cursors: string;
}

/** What a view shows, part by part. */
export function viewParts({ place, request }: ViewState["view"]) {
  return { run: place?.run, tensor: place?.name, step: place?.step, method: request.method };
}

export function viewsSeen({ views, order, active }: RootState, own: ViewId): ViewsState {
  const { nMatched, differing, pairs } = compared(views, order);
  return {
    own,
    order,
    active,
    nMatched: nMatched[own] ?? 0,
    seesOtherStep: seesOtherStep(views, order, own),
    differing,
    pairs,
    cursors: cursorsOf(views, order),
  };
}

function seesOtherStep(views: RootState["views"], order: readonly ViewId[], own: ViewId): boolean {
  const here = views[own]?.view.place;
  return order.some((id) => {
    const there = views[id]?.view.place;
    return there?.run === here?.run && there?.name === here?.name && there?.step !== here?.step;
  });
}

/** One text for all: a part of the state that is the same as long as it reads the same. */
function cursorsOf(views: RootState["views"], order: readonly ViewId[]): string {
  const cursors = order.map((id) => {
    const place = views[id]?.view.place;
    return [id, place?.run ?? null, place?.step ?? null];
  });
  return JSON.stringify(cursors);
}

interface Compared {
  readonly order: readonly ViewId[];
  readonly nMatched: Readonly<Record<ViewId, number>>;
  readonly differing: string;
  readonly pairs: string;
}

/** Each view asks in every change of the state, and few of these are changes of views. */
const known = new WeakMap<RootState["views"], Compared>();

function compared(views: RootState["views"], order: readonly ViewId[]): Compared {
  let found = known.get(views);
  if (found?.order !== order) {
    found = {
      order,
      nMatched: numbersMatched(views),
      differing: differingParts(views),
      pairs: pairsText(views, order),
    };
    known.set(views, found);
  }
  return found;
}

function numbersMatched(views: RootState["views"]): Record<ViewId, number> {
  const all = Object.entries(views);
  return Object.fromEntries(
    all.map(([id, { space }]) => [
      id,
      all.filter(([, other]) => isMatchedByRow(space, other.space)).length,
    ]),
  );
}

function differingParts(views: RootState["views"]): string {
  const all = Object.values(views).map(({ view }) => viewParts(view));
  const [first] = all;
  if (!first) return "";
  const names = Object.keys(first) as (keyof typeof first)[];
  return names.filter((name) => all.some((each) => each[name] !== first[name])).join(" ");
}
