/** What a view sees of the page's views: which it is, and in what they differ. */
import type { MatchChoice } from "../../model/view/matching";
import type { Matches } from "./matches";
import type { PointSpace } from "./point-space";
import type { RootState } from "./root-state";
import { letterAt, type ViewId } from "./view-id";
import { pairsText } from "./view-pairs";
import type { ViewState } from "./view-state";

export interface ViewsState {
  readonly own: ViewId;
  /** In the order of the page. */
  readonly order: readonly ViewId[];
  readonly active: ViewId;
  /** The points that it shows. */
  readonly space: PointSpace;
  /** Views of other points (see `partnersOf`). */
  readonly partners: string;
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

export function viewsSeen(root: RootState, own: ViewId): ViewsState {
  const { views, order, active } = root;
  const { partners, differing, pairs } = compared(root);
  return {
    own,
    order,
    active,
    space: views[own]?.space ?? "",
    partners: partners[own] ?? "",
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
  readonly matches: Matches;
  readonly choice: MatchChoice;
  readonly partners: Readonly<Record<ViewId, string>>;
  readonly differing: string;
  readonly pairs: string;
}

/** Each view asks in every change of the state, and few of these are changes of views. */
const known = new WeakMap<RootState["views"], Compared>();

function compared({ views, order, page, data }: RootState): Compared {
  const { matches } = data;
  const choice = page.page.matchBy;
  let found = known.get(views);
  if (found?.order !== order || found.matches !== matches || found.choice !== choice) {
    found = {
      order,
      matches,
      choice,
      partners: partnersTexts(views, order),
      differing: differingParts(views),
      pairs: pairsText(views, order, choice, matches),
    };
    known.set(views, found);
  }
  return found;
}

/** A view that shows other points: its letter, and which they are. */
export type Partner = readonly [letter: string, space: PointSpace];

export function partnersOf(text: string): readonly Partner[] {
  return text === "" ? [] : (JSON.parse(text) as readonly Partner[]);
}

/**
 * Of each view every other one that shows other points, of the same points the first one; as one
 * text, which is equal where they are.
 */
function partnersTexts(
  views: RootState["views"],
  order: readonly ViewId[],
): Record<ViewId, string> {
  const all = order.flatMap((id, at) => {
    const space = views[id]?.space ?? "";
    return space.startsWith("[") ? [[letterAt(at), space] as const] : [];
  });
  const firsts = all.filter(([, space], at) => all.findIndex((each) => each[1] === space) === at);
  return Object.fromEntries(
    order.map((id) => {
      const own = views[id]?.space ?? "";
      const others = own.startsWith("[") ? firsts.filter(([, space]) => space !== own) : [];
      return [id, others.length > 0 ? JSON.stringify(others) : ""];
    }),
  );
}

function differingParts(views: RootState["views"]): string {
  const all = Object.values(views).map(({ view }) => viewParts(view));
  const [first] = all;
  if (!first) return "";
  const names = Object.keys(first) as (keyof typeof first)[];
  return names.filter((name) => all.some((each) => each[name] !== first[name])).join(" ");
}
