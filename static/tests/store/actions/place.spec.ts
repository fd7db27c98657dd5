import { describe, expect, it } from "vitest";
import type { Listing } from "../../../src/model/data/listing";
import { decodeUrl } from "../../../src/model/view/url-state";
import { goToRun, listingLoaded, openAnew } from "../../../src/store/actions/place";
import { setDims } from "../../../src/store/actions/projection";
import { restoreView } from "../../../src/store/actions/view";
import { createStore, type Store } from "../../../src/store/store";
import { entry, listing } from "../fixtures";

const runs: Listing = {
  ...listing,
  entries: [
    { ...entry("deep", 1), n_dims: 50 },
    { ...entry("flat", 1), n_dims: 2 },
    { ...entry("solid", 1), n_dims: 3 },
  ],
};

function opened(hash: string): Store {
  const store = createStore();
  const { view, place, namesProjection } = decodeUrl(hash);
  store.dispatch(restoreView(view));
  store.dispatch(listingLoaded(runs, place, !namesProjection));
  return store;
}

function request(store: Store) {
  const { method, dims } = store.state.value.view.request;
  return `${method} ${dims}`;
}

describe("the first picture", () => {
  it("is the coordinates themselves where two or three of them are all there is", () => {
    expect(request(opened("#run=deep"))).toBe("pca 2");
    expect(request(opened("#run=flat"))).toBe("given 2");
    expect(request(opened("#run=solid"))).toBe("given 3");
    expect(opened("#run=solid").state.value.view).toMatchObject({ method: "given", dims: 3 });
  });

  it("is what a link names, and stays so when the log is read again", () => {
    const store = opened("#run=flat&method=pca");
    expect(request(store)).toBe("pca 2");
    store.dispatch(listingLoaded(runs));
    expect(request(store)).toBe("pca 2");
    expect(request(opened("#run=solid&dims=2"))).toBe("pca 2");
  });

  it("of another run follows that run, unless a person chose something", () => {
    const store = opened("#run=deep");
    store.dispatch(goToRun("solid"));
    expect(request(store)).toBe("given 3");
    store.dispatch(goToRun("deep"));
    expect(request(store)).toBe("pca 2");
    store.dispatch(setDims(3));
    store.dispatch(goToRun("flat"));
    expect(request(store)).toBe("pca 3");
  });

  it("of a file that was dropped is as of any other", () => {
    const store = opened("#run=deep&method=umap");
    const [, flat, solid] = runs.entries;
    if (flat) store.dispatch(openAnew(flat));
    expect(request(store)).toBe("given 2");
    if (solid) store.dispatch(openAnew(solid));
    expect(request(store)).toBe("given 3");
  });
});
