import { describe, expect, it } from "vitest";
import type { SeriesResult } from "../../../src/model/projection/series";
import { selectionOf } from "../../../src/model/view/selection";
import { motionReduced } from "../../../src/store/actions/page";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { requestAnswered, showPositions } from "../../../src/store/actions/projection";
import { select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { requestKey } from "../../../src/store/selectors/request";
import { showsTrails, stepMotion, trailsText } from "../../../src/store/selectors/step-motion";
import { stepStates } from "../../../src/store/selectors/step-states";
import { hasStepMotion } from "../../../src/store/selectors/together";
import { createStore } from "../../../src/store/store";
import { entry, listing, method, projection, shown } from "../fixtures";

const steps = [10, 20, 30].map((step) => entry("a", step));
const ids = steps.map(({ id }) => id);

function motion(n_changed: number) {
  return { false: 0.01, false95: 0.02, true: 0.2, auc: 0.9, n_stayed: 50, n_changed };
}

function seen(nChanged: number, state: "running" | "done" = "done") {
  const store = createStore();
  store.dispatch(listingLoaded({ ...listing, entries: steps }, { run: "a", step: 10 }));
  store.dispatch(methodsLoaded([method("umap", { lays_out_series: true })]));
  const request = { method: "umap", params: {}, dims: 2 } as const;
  store.dispatch((old) => ({ ...old, view: { ...old.view, method: "umap", request } }));
  store.dispatch(goToStep(20));
  const result: SeriesResult = {
    motion: [motion(nChanged), motion(0)],
    false: 0.01,
    true: 0.2,
    auc: 0.9,
    is_truthful: true,
    line: "",
    frame: { center: [0, 0], radius: 1 },
    share: null,
    warnings: [],
  };
  const series = { id: "s", step: 1, datasets: ids, result: state === "done" ? result : null };
  const part = { id: "p2", dataset: ids[1] ?? "", method: "umap", state, series } as const;
  const key = requestKey(store.state.peek(), request) ?? "";
  store.dispatch(requestAnswered(key, projection(part)));
  store.dispatch(showPositions(shown(40, { projection: "p2", dataset: ids[1] ?? "" })));
  return store;
}

describe("the motion of steps", () => {
  it("is said of the series on the screen, and cautioned where there is none", () => {
    const store = seen(3);
    expect(hasStepMotion(store.state.peek())).toBe(true);
    expect(stepMotion(store.state.peek()).text).toContain("stayed move 1.0 % of the picture");
    store.dispatch(setSetting("stepLayout", "alone"));
    expect(stepMotion(store.state.peek())).toMatchObject({ isCaution: true });
  });

  it("says while all steps are being laid out, and marks each of them so", () => {
    const store = seen(3, "running");
    expect(stepMotion(store.state.peek()).text).toBe("All steps are being laid out together");
    expect(stepStates(store.state.peek())).toEqual(["computing", "computing", "computing"]);
    expect(stepStates(seen(3).state.peek())).toEqual(["ready", "ready", "ready"]);
  });

  it("has trails where nothing may move, unless a person says otherwise", () => {
    const store = seen(3);
    expect(showsTrails(store.state.peek())).toBe(false);
    store.dispatch(motionReduced(true));
    expect(showsTrails(store.state.peek())).toBe(true);
    store.dispatch(setSetting("trails", "off"));
    expect(showsTrails(store.state.peek())).toBe(false);
    store.dispatch(motionReduced(false));
    store.dispatch(setSetting("trails", "on"));
    expect(showsTrails(store.state.peek())).toBe(true);
  });

  it("says how many trails and paths there are, of how many", () => {
    const text = (n: number) => trailsText(seen(n).state.peek());
    expect(text(5400)).toBe("the 2,000 of 5,400 that changed most since step 10");
    expect(text(3)).toBe("3 points that changed since step 10");
    expect(text(0)).toBe("no point changed since step 10");
    const store = seen(3);
    store.dispatch(select(selectionOf([1])));
    expect(trailsText(store.state.peek())).toContain("; paths of 1 selected point");
    store.dispatch(select(selectionOf(Array.from({ length: 30 }, (_, at) => at))));
    expect(trailsText(store.state.peek())).toContain("; paths of 20 of 30 selected points");
  });
});
