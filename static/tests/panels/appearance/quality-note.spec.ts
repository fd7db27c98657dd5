import { describe, expect, it } from "vitest";
import { type Quality, scoreRef, scoreWords } from "../../../src/model/projection/quality";
import { qualityNote } from "../../../src/panels/appearance/quality-note";
import { datasetLoaded } from "../../../src/store/actions/data";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { projectionHeard, showPositions } from "../../../src/store/actions/projection";
import { measuringFailed, scoreLoaded } from "../../../src/store/actions/quality";
import { setSetting } from "../../../src/store/actions/view";
import { createStore, type Store } from "../../../src/store/store";
import { dataset, listing, methods, projection } from "../../store/fixtures";

/** A projection on the screen, colored by one of its scores. */
function colored(state: "running" | "done", quality: Quality | null = null): Store {
  const store = createStore();
  store.dispatch(listingLoaded(listing));
  store.dispatch(methodsLoaded(methods));
  store.dispatch(datasetLoaded(dataset));
  store.dispatch(goToStep(10));
  store.dispatch(projectionHeard(projection({ state, quality })));
  store.dispatch(
    showPositions({
      dataset: dataset.id,
      projection: "p1",
      method: "umap",
      params: {},
      components: null,
      positions: { values: new Float32Array(6), dims: 2 },
      isLive: state === "running",
    }),
  );
  store.dispatch(setSetting("color", scoreRef("overlap")));
  return store;
}

describe("the note on a quality score", () => {
  it("is not there where the points are colored by a column", () => {
    const store = colored("done");
    store.dispatch(setSetting("color", { name: "label", index: 0 }));
    expect(qualityNote(store.state.value)).toBeNull();
  });

  it("says that the scores come when the projection is finished", () => {
    expect(qualityNote(colored("running").state.value)).toEqual({
      kind: "hint",
      text: "Computed when the projection is finished.",
    });
  });

  it("says that they are being computed, or why they cannot be", () => {
    const store = colored("done");
    expect(qualityNote(store.state.value)).toEqual({ kind: "hint", text: "Computing…" });
    store.dispatch(measuringFailed("p1", "The data was deleted."));
    expect(qualityNote(store.state.value)).toEqual({
      kind: "error",
      text: "The data was deleted.",
    });
  });

  it("says what the colors mean once they are there", () => {
    const done = { phase: "", done: 1, total: 1, ahead: null, summary: null, error: null };
    const store = colored("done", { state: "done", k: 15, ...done });
    store.dispatch(scoreLoaded("p1", "overlap", Float32Array.of(1, 0.5, 0)));
    const { meaning } = scoreWords("overlap", 15);
    expect(qualityNote(store.state.value)).toEqual({ kind: "hint", text: meaning });
  });
});
