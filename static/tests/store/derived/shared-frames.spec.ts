import { describe, expect, it } from "vitest";
import type { Positions } from "../../../src/model/projection/projection";
import { setCamerasLinked } from "../../../src/store/actions/page";
import { projectionHeard, showPositions } from "../../../src/store/actions/projection";
import { addView, removeView, setCameraFree } from "../../../src/store/actions/views";
import { deriveFramed } from "../../../src/store/derived/shared-frames";
import { createRootStore, inView, scope } from "../../../src/store/store";
import { projection, shown } from "../fixtures";

/** Two points, the second one so far from the first. */
function pair(size: number): Positions {
  return { values: Float32Array.of(0, 0, size, 0), dims: 2 };
}

/** Views that show projections, of which each but the first is aligned to the one before. */
function views(sizes: readonly number[], alignedTo = (at: number) => `p${at - 1}`) {
  const root = createRootStore();
  const ids = sizes.map((size, at) => {
    if (at > 0) root.dispatch(addView({}));
    const id = root.state.peek().order.at(-1) ?? "";
    const store = scope(root, id);
    const aligned = at > 0 ? alignedTo(at) : null;
    const known = projection({ id: `p${at}`, aligned_to: aligned });
    store.dispatch(projectionHeard(known));
    const positions = pair(size);
    store.dispatch(showPositions({ ...shown(2), projection: known.id, positions }));
    return id;
  });
  const framed = deriveFramed(root);
  const all = ids.map(framed);
  const radii = () => all.map(({ value }) => value?.frame?.radius ?? null);
  return { root, ids, all, radii };
}

describe("the frames of views", () => {
  it("are one where their projections are aligned, one after the other", () => {
    const { radii, all } = views([2, 8, 4]);
    expect(radii()).toEqual([4, 4, 4]);
    expect(all.map(({ value }) => value?.frame?.center)).toEqual([
      [4, 0],
      [4, 0],
      [4, 0],
    ]);
  });

  it("are their own where nothing is aligned", () => {
    const { radii, all, root, ids } = views([2, 8], () => "another");
    expect(radii()).toEqual([null, null]);
    // And the positions are those that were shown.
    expect(all[0]?.value).toBe(root.state.peek().views[ids[0] ?? ""]?.work.shown?.positions);
  });

  it("are their own for a view that is moved by itself, and for those that stay", () => {
    const { root, ids, radii } = views([2, 8, 4]);
    root.dispatch(setCameraFree(ids[1] ?? "", true));
    expect(radii()).toEqual([2, null, 2]);
    root.dispatch(setCameraFree(ids[1] ?? "", false));
    expect(radii()).toEqual([4, 4, 4]);
  });

  it("are their own where cameras are not linked, and in a view alone", () => {
    const { root, ids, radii } = views([2, 8]);
    root.dispatch(inView(ids[0] ?? "", setCamerasLinked(false)));
    expect(radii()).toEqual([null, null]);
    root.dispatch(inView(ids[0] ?? "", setCamerasLinked(true)));
    expect(radii()).toEqual([4, 4]);
    root.dispatch(removeView(ids[1] ?? ""));
    expect(radii()[0]).toBeNull();
  });

  it("stay the same while nothing changes that they follow from", () => {
    const { root, ids, all } = views([2, 8]);
    const before = all.map(({ value }) => value);
    const store = scope(root, ids[0] ?? "");
    store.dispatch((state) => ({ ...state, attention: { ...state.attention, hover: 1 } }));
    expect(all.map(({ value }) => value)).toEqual(before);
    all.forEach(({ value }, at) => {
      expect(value).toBe(before[at]);
    });
  });

  it("have those of their series, except one that is moved by itself", () => {
    const { root, ids, all, radii } = views([2, 8]);
    const frame = { center: [0, 0], radius: 30 };
    ids.forEach((id, at) => {
      const positions = { ...pair(2 + at), frame };
      scope(root, id).dispatch(showPositions({ ...shown(2), projection: `p${at}`, positions }));
    });
    expect(radii()).toEqual([30, 30]);
    root.dispatch(setCameraFree(ids[1] ?? "", true));
    expect(radii()).toEqual([30, null]);
    expect(all[1]?.value?.values).toEqual(pair(3).values);
  });

  it("wait for the end of a projection that still runs", () => {
    const { root, ids, radii } = views([2, 8]);
    const positions = pair(60);
    const now = { ...shown(2), projection: "p1", positions, isLive: true };
    scope(root, ids[1] ?? "").dispatch(showPositions(now));
    expect(radii()).toEqual([null, null]);
    scope(root, ids[1] ?? "").dispatch(showPositions({ ...now, isLive: false }));
    expect(radii()).toEqual([30, 30]);
  });

  it("end where projections are aligned in a circle", () => {
    expect(views([2, 8], () => "p1").radii()).toHaveLength(2);
  });
});
