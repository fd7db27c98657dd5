import { describe, expect, it } from "vitest";
import type { Quality } from "../../../src/model/projection/quality";
import { datasetLoaded } from "../../../src/store/actions/data";
import { listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import {
  openMethod,
  projectionHeard,
  requestAnswered,
  requestDraft,
  requestFailed,
  requestStarted,
  showPositions,
} from "../../../src/store/actions/projection";
import { measuringFailed } from "../../../src/store/actions/quality";
import { isBusy } from "../../../src/store/selectors/busy";
import { requestKey } from "../../../src/store/selectors/request";
import { INITIAL_STATE, type State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, listing, methods, projection } from "../fixtures";

function become(state: State, ...actions: Action[]): State {
  return actions.reduce((before, action) => action(before), state);
}

const key = (state: State) => requestKey(state, state.view.request) ?? "";
const params = { n_components: 2, n_neighbors: 15 };
const measured: Quality = {
  state: "done",
  phase: "",
  done: 1,
  total: 1,
  ahead: null,
  k: 15,
  summary: null,
  error: null,
};

describe("the page is busy", () => {
  const listed = become(
    INITIAL_STATE,
    listingLoaded(listing, { step: 10 }),
    methodsLoaded(methods),
  );
  const loaded = become(listed, datasetLoaded(dataset), openMethod("umap"), requestDraft());
  const asked = become(loaded, requestStarted(key(loaded)));
  const running = become(loaded, requestAnswered(key(loaded), projection({ params })));
  const done = projection({ params, state: "done", n_components: 2 });
  const drawn = become(
    running,
    projectionHeard(done),
    showPositions({
      dataset: "a-10",
      projection: done.id,
      method: "umap",
      params,
      components: null,
      positions: { values: new Float32Array(6), dims: 2 },
      isLive: false,
    }),
  );

  it("while data is on its way, and no longer when it can't be had", () => {
    expect(isBusy(listed)).toBe(true);
    const failed = [requestStarted(key(listed)), requestFailed(key(listed), "no such file")];
    expect(isBusy(become(listed, ...failed))).toBe(false);
  });

  it("while a picture is asked for or computed", () => {
    expect(isBusy(asked)).toBe(true);
    expect(isBusy(running)).toBe(true);
  });

  it("until a small picture is measured, or can't be", () => {
    expect(isBusy(drawn)).toBe(true);
    const measuring = projectionHeard({ ...done, quality: { ...measured, state: "running" } });
    expect(isBusy(become(drawn, measuring))).toBe(true);
    expect(isBusy(become(drawn, projectionHeard({ ...done, quality: measured })))).toBe(false);
    expect(isBusy(become(drawn, measuringFailed(done.id, "deleted")))).toBe(false);
  });
});
