/**
 * The frame of each view: views whose cameras are linked, and whose positions have the same unit, have
 * one, so that equal distances look equal.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Positions, Projection } from "../../model/projection/projection";
import type { SharedFrame } from "../../model/projection/series";
import { frameAround } from "../../model/projection/shared-frame";
import type { RootState } from "../state/root-state";
import type { ViewId } from "../state/view-id";
import type { RootStore } from "../store";

/** In which frame a view is drawn: "own" is one of its own, null what its positions say. */
type Framing = SharedFrame | "own" | null;

interface Made {
  readonly of: readonly Positions[];
  readonly frame: SharedFrame | null;
}

/** The positions that a view draws, with their frame. */
export function deriveFramed(root: RootStore): (id: ViewId) => ReadonlySignal<Positions | null> {
  let known: readonly Made[] = [];
  const frames = computed(() => {
    const state = root.state.value;
    const groups = [...groupsOf(state).values()];
    // To find a frame takes a pass over all points, and most changes are of something else.
    const made = groups.map(({ positions: of }) => {
      const before = known.find((each) => isSame(each.of, of));
      return before ?? { of, frame: frameAround(of) };
    });
    known = made;
    const framings = new Map<ViewId, Framing>();
    groups.forEach(({ views }, at) => {
      for (const id of views) framings.set(id, made[at]?.frame ?? null);
    });
    for (const id of freeViews(state)) framings.set(id, "own");
    return framings;
  });
  return (id) => {
    const positions = root.select(({ views }) => views[id]?.work.shown?.positions ?? null);
    const framing = computed(() => frames.value.get(id) ?? null);
    return computed(() => {
      const { value } = positions;
      if (value === null || framing.value === null) return value;
      const { frame: _, ...unframed } = value;
      return framing.value === "own" ? unframed : { ...unframed, frame: framing.value };
    });
  };
}

interface Group {
  readonly views: ViewId[];
  readonly positions: Positions[];
}

/** Linked views by the unit of their positions, where several pictures have the same. */
function groupsOf({ page, data, views, order }: RootState): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  if (!page.page.isCameraLinked) return groups;
  for (const id of order) {
    const shown = views[id]?.work.shown;
    // Frames of a running projection change their size all the time; those of a series have a frame.
    if (!shown || shown.isLive || shown.positions.frame || views[id]?.page.isCameraFree) continue;
    const unit = unitOf(data.work.projections, shown.projection);
    const components = shown.components?.join() ?? "";
    const key = `${unit} ${shown.positions.dims} ${components}`;
    const group = groups.get(key) ?? { views: [], positions: [] };
    group.views.push(id);
    if (!group.positions.includes(shown.positions)) group.positions.push(shown.positions);
    groups.set(key, group);
  }
  // One picture, however often it is shown, has the frame that it has by itself.
  for (const [key, { positions }] of groups) if (positions.length < 2) groups.delete(key);
  return groups;
}

/** What a projection is aligned to has its unit, and so on: the first of them. */
function unitOf(projections: Readonly<Record<string, Projection>>, id: string): string {
  const seen = new Set<string>();
  let unit = id;
  while (!seen.has(unit)) {
    seen.add(unit);
    unit = projections[unit]?.aligned_to ?? unit;
  }
  return unit;
}

/** Whoever moves a view by itself sees it by itself. */
function freeViews({ page, views, order }: RootState): readonly ViewId[] {
  if (!page.page.isCameraLinked || order.length === 1) return [];
  return order.filter((id) => views[id]?.page.isCameraFree);
}

function isSame(one: readonly Positions[], other: readonly Positions[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}
