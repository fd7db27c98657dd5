import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/model/data/listing";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { requestAnswered } from "../../../src/store/actions/projection";
import { setSetting } from "../../../src/store/actions/view";
import { splitView } from "../../../src/store/actions/views";
import { plainKeyOf, workKey } from "../../../src/store/selectors/request";
import {
  isTogether,
  meansTogether,
  togetherProblem,
  togetherWith,
} from "../../../src/store/selectors/together";
import type { State } from "../../../src/store/state/state";
import { createRootStore, scope } from "../../../src/store/store";
import { entry, listing, method, projection } from "../fixtures";

const UMAP = { method: "umap", params: {}, dims: 2 } as const;

function opened(entries: readonly Entry[]) {
  const root = createRootStore();
  const store = scope(root, "1");
  store.dispatch(listingLoaded({ ...listing, entries }, { run: "a", name: "hidden", step: 10 }));
  store.dispatch(methodsLoaded([method("umap", { lays_out_series: true }), method("given")]));
  store.dispatch((state) => ({ ...state, view: { ...state.view, method: "umap", request: UMAP } }));
  return { root, store, state: () => store.state.peek() };
}

const steps = [10, 20, 30].map((step) => entry("a", step));
const ids = steps.map(({ id }) => id);
const own = (state: State) => togetherWith(state, "umap", ids[0] ?? "");

describe("steps that are laid out together", () => {
  it("are so once a person goes to another one", () => {
    const { store, state } = opened(steps);
    expect(isTogether(state())).toBe(false);
    store.dispatch(goToStep(20));
    expect(state().view.stepLayout).toBe("together");
    expect(own(state())).toEqual(ids);
    store.dispatch(setSetting("stepLayout", "alone"));
    store.dispatch(goToStep(30));
    expect(isTogether(state())).toBe(false);
  });

  it("are so in all views once two of them show two steps of one run", () => {
    const { root, store, state } = opened(steps);
    root.dispatch(splitView());
    expect(meansTogether(state())).toBe(false);
    scope(root, "2").dispatch(goToStep(30));
    expect(meansTogether(state())).toBe(true);
    expect(own(state())).toEqual(ids);
    store.dispatch(setSetting("stepLayout", "alone"));
    expect(own(state())).toBeNull();
  });

  it("are one work, whichever of them is asked for", () => {
    const { store, state } = opened(steps);
    const alone = plainKeyOf(state(), UMAP, ids[0] ?? "");
    store.dispatch(goToStep(20));
    const [one = "", other = ""] = ids.map((id) => plainKeyOf(state(), UMAP, id));
    expect(one).not.toBe(other);
    expect(workKey(one)).toBe(workKey(other));
    expect(workKey(alone)).toBe(alone);
    expect(one).not.toBe(alone);
  });

  it("stay as they are when a step is written, until somebody goes there", () => {
    const { store, state } = opened(steps);
    store.dispatch(goToStep(20));
    const series = { id: "s", step: 1, datasets: ids, result: null };
    const at = projection({ dataset: ids[1] ?? "", method: "umap", series });
    store.dispatch(requestAnswered("key", at));
    const later = entry("a", 40);
    store.dispatch(listingLoaded({ ...listing, entries: [...steps, later] }));
    expect(own(state())).toEqual(ids);
    expect(togetherWith(state(), "umap", later.id)).toEqual([...ids, later.id]);
  });

  it("have a method for it, and as many points at each step", () => {
    const { store, state } = opened(steps);
    store.dispatch(goToStep(20));
    expect(togetherWith(state(), "given", ids[0] ?? "")).toBeNull();
    const [first, ...others] = steps;
    const uneven = [{ ...(first as Entry), n_points: 7 }, ...others];
    const { store: two, state: there } = opened(uneven);
    two.dispatch(goToStep(20));
    expect(own(there())).toBeNull();
    expect(togetherProblem(there())).toBe("they have different numbers of points");
    const many = steps.map((each) => ({ ...each, n_points: 2_000_000 }));
    expect(togetherProblem(opened(many).state())).toContain("6,000,000 positions");
  });
});
