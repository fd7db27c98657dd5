import { describe, expect, it } from "vitest";
import { scoreRef } from "../../../src/model/projection/quality";
import { datasetLoaded } from "../../../src/store/actions/data";
import { projectionModified } from "../../../src/store/actions/live-parameters";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import {
  openMethod,
  projectionHeard,
  requestAnswered,
  requestDraft,
  setParameter,
  showPositions,
  showProjection,
} from "../../../src/store/actions/projection";
import { scoreLoaded, twinFound } from "../../../src/store/actions/quality";
import { setSetting } from "../../../src/store/actions/view";
import { referenceFor } from "../../../src/store/selectors/alignment";
import { pendingChanges } from "../../../src/store/selectors/live-parameters";
import {
  coloredScoreColumn,
  qualityProjectionId,
  unaskedKey,
} from "../../../src/store/selectors/quality";
import { requestedProjection, requestKey } from "../../../src/store/selectors/request";
import { colorColumn, colorScale } from "../../../src/store/selectors/shown";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, listing, methods, projection } from "../fixtures";

function stateAfter(...actions: Action[]): State {
  return [listingLoaded(listing, { step: 10 }), methodsLoaded(methods), ...actions].reduce(
    (state, action) => action(state),
    INITIAL_STATE,
  );
}

const key = (state: State) => requestKey(state, state.view.request) ?? "";

function running(): State {
  const asked = stateAfter(openMethod("umap"), requestDraft());
  const params = { n_components: 2, n_neighbors: 15 };
  return requestAnswered(key(asked), projection({ params }))(asked);
}

function shown(state: State, id: string, dims: 2 | 3 = 2): State {
  const found = state.work.projections[id];
  if (!found) throw new Error(`no projection ${id}`);
  return showPositions({
    dataset: found.dataset,
    projection: id,
    method: found.method,
    params: found.params,
    components: null,
    positions: { values: new Float32Array(3 * dims), dims },
    isLive: found.state !== "done",
  })(state);
}

it("asks for no measurement of points too few to have any", () => {
  const asked = (n_points: number) => {
    const done = projection({ id: "p9", method: "pca", state: "done", n_points });
    const place = { dataset: "a-10", projection: "p9", method: "pca", params: {} };
    const positions = { values: new Float32Array(2 * n_points), dims: 2 as const };
    const here = showPositions({ ...place, components: null, positions, isLive: false });
    return unaskedKey(stateAfter(projectionHeard(done), here));
  };
  expect([1, 2].map(asked)).toEqual(["", ""]);
  expect(asked(3)).not.toBe("");
});

describe("steering", () => {
  const turned = projection({ id: "p1-turned", params: { n_components: 2, n_neighbors: 30 } });

  it("waits for what the running work does not do yet", () => {
    expect(pendingChanges(running())).toBeNull();
    const changed = setParameter("n_neighbors", 30)(running());
    expect(pendingChanges(changed)).toEqual({ n_neighbors: 30 });
    expect(pendingChanges(setParameter("n_landmarks", 2)(changed))).toBeNull();
  });

  it("goes on under another id, and leaves nothing under the old one", () => {
    const before = shown(setParameter("n_neighbors", 30)(running()), "p1");
    const state = projectionModified("p1", turned, { n_neighbors: 30 })(before);
    expect(requestedProjection(state)?.id).toBe("p1-turned");
    expect(Object.keys(state.work.projections)).toEqual(["p1-turned"]);
    expect(state.work.shown?.projection).toBe("p1-turned");
    expect(pendingChanges(state)).toBeNull();
  });

  it("never answers the same parameters when they are asked for", () => {
    const state = projectionModified("p1", turned, { n_neighbors: 30 })(
      setParameter("n_neighbors", 30)(running()),
    );
    expect(requestedProjection(requestDraft()(state))).toBeNull();
    const back = showProjection(turned)(requestDraft()(state));
    expect(requestedProjection(back)?.id).toBe("p1-turned");
    // Another step knows nothing of it.
    expect(key(goToStep(20)(state))).not.toContain("modified");
  });
});

describe("the next step", () => {
  const done = shown(
    projectionHeard(projection({ state: "done", n_components: 2 }))(running()),
    "p1",
  );
  const { request } = done.view;

  it("starts from the picture before and is laid on it", () => {
    expect(referenceFor(done, "a-20", request)?.references).toEqual({
      initial: "p1",
      align_to: "p1",
    });
  });

  it("is only laid on it where landmarks are laid out", () => {
    const few = { ...request, params: { n_landmarks: 2 } };
    expect(referenceFor(done, "a-20", few)?.references).toEqual({ align_to: "p1" });
  });

  it("is free where that was chosen, or where the pictures have nothing in common", () => {
    expect(referenceFor(setSetting("keepOrientation", false)(done), "a-20", request)).toBeNull();
    expect(referenceFor(done, "a-10", request)).toBeNull();
    expect(referenceFor(done, "a-20", { ...request, method: "pca" })).toBeNull();
    expect(referenceFor(done, "a-20", { ...request, dims: 3 })).toBeNull();
  });
});

describe("what is measured", () => {
  const pca = projection({ id: "p3", method: "pca", state: "done", n_components: 3, n_kept: 3 });
  const heard = projectionHeard(pca)(stateAfter());

  it("is what is seen: a flat picture of three components has a twin of two", () => {
    const flat = shown(heard, "p3", 2);
    expect(qualityProjectionId(flat)).toBeNull();
    expect(qualityProjectionId(twinFound("p3 2", "p2")(flat))).toBe("p2");
    expect(qualityProjectionId(shown(heard, "p3", 3))).toBe("p3");
  });

  it("is measured for as many dimensions as are seen, each apart", () => {
    const many = projectionHeard({ ...pca, id: "p9", n_components: 9, n_kept: 9 })(stateAfter());
    const measured = twinFound("p9 2", "p2")(shown(many, "p9", 2));
    expect(qualityProjectionId(measured)).toBe("p2");
    expect(qualityProjectionId(shown(measured, "p9", 3))).toBeNull();
  });

  it("colors by a ramp of its own, also where categories were chosen before", () => {
    const state = [
      setSetting("color", scoreRef("overlap")),
      scoreLoaded("p3", "overlap", new Float32Array(3)),
    ].reduce((before, action) => action(before), shown(heard, "p3", 3));
    const data = datasetLoaded(dataset)(state).datasets[dataset.id];
    if (!data) throw new Error("The dataset was not kept.");
    const column = colorColumn(state, data);
    expect(column).toBe(coloredScoreColumn(state));
    expect(
      column && colorScale({ ...state, view: { ...state.view, scale: "categorical" } }, column),
    ).toBe("numeric");
  });
});
