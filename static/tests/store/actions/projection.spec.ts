import { describe, expect, it } from "vitest";
import { HOME_2D } from "../../../src/model/camera/camera";
import { goToStep, listingLoaded, methodsLoaded, moveStep } from "../../../src/store/actions/place";
import {
  mistype,
  openMethod,
  projectionForgotten,
  projectionHeard,
  requestAnswered,
  requestDraft,
  requestFailed,
  requestStarted,
  setComponent,
  setDims,
  setParameter,
  showPositions,
} from "../../../src/store/actions/projection";
import { cameraMoved, restoreView } from "../../../src/store/actions/view";
import { formProblems } from "../../../src/store/selectors/form";
import {
  isInstant,
  keepsComponents,
  paramsToSend,
  requestedProjection,
  requestKey,
} from "../../../src/store/selectors/request";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import {
  entry,
  listing,
  method,
  methods,
  parameter,
  projection,
  shown,
  unheardOf,
} from "../fixtures";

function stateAfter(...actions: Action[]): State {
  return [listingLoaded(listing, { step: 10 }), methodsLoaded(methods), ...actions].reduce(
    (state, action) => action(state),
    INITIAL_STATE,
  );
}

const key = (state: State) => requestKey(state, state.view.request) ?? "";

describe("what is wanted", () => {
  it("starts with the first method on the first entry", () => {
    const state = stateAfter();
    expect(state.view.place).toEqual({ run: "a", name: "hidden", step: 10 });
    expect(state.view.request).toEqual({ method: "pca", params: {}, dims: 2 });
    // Asked before the declarations have come, and the same afterwards.
    expect(paramsToSend(INITIAL_STATE, state.view.request)).toEqual({});
    expect(paramsToSend(state, state.view.request)).toEqual({});
  });

  it("waits for Run where a method takes long", () => {
    const opened = stateAfter(openMethod("umap"), setParameter("n_neighbors", 30));
    expect(opened.view.request.method).toBe("pca");
    const asked = requestDraft()(opened);
    expect(asked.view.request).toEqual({ method: "umap", params: { n_neighbors: 30 }, dims: 2 });
    expect(paramsToSend(asked, asked.view.request)).toEqual({ n_neighbors: 30, n_components: 2 });
  });

  it("is shown as soon as its form is opened where it is done at once", () => {
    const given = method("dims", { is_instant: true });
    const axes = method("lines", {
      is_instant: true,
      parameters: [parameter("x_from", { kind: "points", default: null })],
    });
    const open = (name: string) =>
      openMethod(name)(methodsLoaded([...methods, given, axes])(stateAfter())).view;
    expect(open("dims").request.method).toBe("dims");
    // It has nothing to show before points are chosen.
    expect(open("lines").request.method).toBe("pca");
    expect(open("lines").method).toBe("lines");
  });

  it("is asked for with its dimensions, unless all components are kept", () => {
    const kept = method("kept", { keeps_components: true });
    const fixed = method("fixed");
    const state = methodsLoaded([...methods, kept, fixed])(stateAfter());
    const sent = (name: string) => paramsToSend(state, { method: name, params: {}, dims: 3 });
    expect(sent("kept")).toEqual({});
    expect(sent("fixed")).toEqual({});
    expect(sent("umap")).toEqual({ n_components: 3 });
  });

  it("rests on two names alone before the declarations have come", () => {
    for (const name of ["pca", "given"]) expect(isInstant(INITIAL_STATE, name)).toBe(true);
    expect(isInstant(INITIAL_STATE, "umap")).toBe(false);
    const other = methodsLoaded([method("pca"), method("fast", { is_instant: true })])(
      stateAfter(),
    );
    expect(isInstant(other, "pca")).toBe(false);
    expect(isInstant(other, "fast")).toBe(true);
    expect(keepsComponents(other, "pca")).toBe(false);
  });

  it("loses a value of a column with the column", () => {
    const state = methodsLoaded([unheardOf])(stateAfter());
    const drafted = [
      openMethod("unheard_of"),
      setParameter("by", "label"),
      setParameter("unknown_value", "3"),
      setParameter("weight", 0.2),
      setParameter("by", "split"),
    ].reduce((before, action) => action(before), state);
    const { unheard_of: draft } = drafted.view.drafts;
    expect(draft).toEqual({ by: "split", weight: 0.2 });
  });

  it("is shown at once where it was computed already", () => {
    let state = stateAfter(openMethod("umap"), requestDraft());
    state = requestAnswered(key(state), projection({ state: "done" }))(state);
    state = openMethod("pca")(state);
    expect(state.view.request.method).toBe("pca");
    state = openMethod("umap")(state);
    expect(state.view.request.method).toBe("umap");
    expect(requestedProjection(state)?.id).toBe("p1");
  });

  it("follows the person from step to step", () => {
    const first = stateAfter(openMethod("umap"), requestDraft());
    const second = moveStep(1)(first);
    expect(second.view.request).toBe(first.view.request);
    expect(key(second)).not.toBe(key(first));
    expect(moveStep(1)(second)).toBe(second);
    expect(key(goToStep(10)(second))).toBe(key(first));
  });

  it("gives a setting that is the default no name of its own", () => {
    const state = stateAfter(openMethod("umap"), setParameter("n_neighbors", 15), requestDraft());
    expect(state.view.request.params).toEqual({});
  });

  it("asks a method that keeps its components once for both dimensions", () => {
    const flat = stateAfter();
    expect(key(setDims(3)(flat))).toBe(key(flat));
    const umap = stateAfter(openMethod("umap"), requestDraft());
    expect(key(setDims(3)(umap))).not.toBe(key(umap));
  });

  it("never shows one component on two axes", () => {
    expect(setComponent(0, 1)(stateAfter()).view.components).toEqual([1, 0, 2]);
    expect(setComponent(0, 7)(stateAfter()).view.components).toEqual([7, 1, 2]);
  });
});

describe("the camera", () => {
  const camera = { ...HOME_2D, zoom: 9 };
  const other = { ...listing, entries: [...listing.entries, { ...entry("c", 10), n_points: 5 }] };
  const looking = stateAfter(
    listingLoaded(other),
    showPositions(shown(3, { method: "pca", components: null, isLive: true })),
    cameraMoved(camera),
  );
  const cameraAfter = (...actions: Action[]) =>
    actions.reduce((state, action) => action(state), looking).view.camera;

  it("stays over steps, and while a layout moves", () => {
    const done = showPositions(shown(3, { method: "pca", components: [0, 1] }));
    const next = showPositions(shown(3, { method: "pca", dataset: "a-20", projection: "p2" }));
    expect(cameraAfter(done, next, done)).toEqual(camera);
    const modified: Action = (state) => ({
      ...state,
      quality: { ...state.quality, modified: { p3: { base: "", request: state.view.request } } },
    });
    const changed = shown(3, { method: "pca", projection: "p3", params: { n_neighbors: 4 } });
    expect(cameraAfter(modified, showPositions(changed))).toEqual(camera);
  });

  it("is given up where the points are elsewhere", () => {
    for (const part of [
      { method: "umap" },
      { method: "pca", dataset: "b-10" },
      { method: "pca", params: { n_neighbors: 4 } },
      { method: "pca", components: [0, 2] },
    ]) {
      expect(cameraAfter(showPositions(shown(3, { projection: "p2", ...part })))).toBeNull();
    }
  });

  it("of a link waits for what the link asks for", () => {
    const linked = restoreView({ camera, request: { method: "umap", params: {}, dims: 2 } });
    const first = showPositions(shown(3, { method: "pca", projection: "p4" }));
    const meant = showPositions(shown(3, { method: "umap", projection: "p5" }));
    const elsewhere = showPositions(
      shown(5, { method: "umap", projection: "p5", dataset: "c-10" }),
    );
    expect(cameraAfter(linked, first, meant)).toEqual(camera);
    expect(cameraAfter(linked, elsewhere)).toEqual(camera);
    expect(cameraAfter(linked, meant, first)).toBeNull();
    expect(cameraAfter(linked, cameraMoved(camera), meant)).toBeNull();
  });
});

describe("news of the work", () => {
  const answered = stateAfter(openMethod("umap"), requestDraft());
  const running = requestAnswered(key(answered), projection({}))(answered);

  it("that is older than the end is dropped", () => {
    const done = projectionHeard(projection({ state: "done" }))(running);
    expect(projectionHeard(projection({ done: 5 }))(done)).toBe(done);
  });

  it("of a stop or a failure means that it must be asked for again", () => {
    for (const state of ["cancelled", "failed"] as const) {
      expect(requestedProjection(projectionHeard(projection({ state }))(running))).toBeNull();
    }
  });

  it("from a server that was started anew forgets the old one", () => {
    expect(requestedProjection(projectionForgotten("p1")(running))).toBeNull();
  });

  it("of a request that is no longer the last one changes nothing else", () => {
    const asked = requestStarted("new")(requestStarted("old")(running));
    expect(requestFailed("old", "gone")(asked)).toBe(asked);
    expect(requestFailed("new", "gone")(asked).work.request).toEqual({
      status: "failed",
      message: "gone",
    });
    expect(requestAnswered("old", projection({ id: "p2" }))(asked).work.request.status).toBe(
      "loading",
    );
  });
});

describe("a newer listing", () => {
  it("leaves the person where they are", () => {
    const state = stateAfter(goToStep(20));
    const newer = { ...listing, version: "2", entries: [...listing.entries].reverse() };
    expect(listingLoaded(newer)(state).view.place?.step).toBe(20);
  });

  it("takes them near by where their step is gone", () => {
    const state = stateAfter(goToStep(20));
    const newer = { ...listing, version: "2", entries: listing.entries.slice(0, 1) };
    expect(listingLoaded(newer)(state).view.place?.step).toBe(10);
  });
});

describe("a form", () => {
  const line = method("line", {
    is_instant: true,
    parameters: [
      parameter("x_from", { kind: "points", default: null }),
      parameter("size", { default: 3, low: 1, high: 9 }),
    ],
  });
  const open = stateAfter(methodsLoaded([...methods, line]), openMethod("line"));

  it("that needs points cannot be run without any", () => {
    expect(formProblems(open)).toHaveLength(1);
    expect(formProblems(setParameter("x_from", "king")(open))).toEqual([]);
    expect(formProblems(setParameter("x_from", "3, x")(open))[0]).toContain("x_from:");
    expect(formProblems(openMethod("umap")(open))).toEqual([]);
  });

  it("keeps what was typed until the parameter has another value", () => {
    const typed = mistype("size", "99", 3)(setParameter("x_from", "king")(open));
    expect(formProblems(typed)).toEqual(["size: Enter a whole number from 1 to 9."]);
    for (const next of [setParameter("size", 4), setParameter("size", 3), openMethod("umap")]) {
      expect(formProblems(next(typed))).toEqual([]);
    }
    const elsewhere = { ...typed.view, drafts: { line: { x_from: "king", size: 5 } } };
    expect(formProblems({ ...typed, view: elsewhere })).toEqual([]);
  });
});
