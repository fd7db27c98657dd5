import { describe, expect, it } from "vitest";
import { HOME_2D } from "../../src/model/camera/camera";
import { emptyTable } from "../../src/model/data/tags";
import { selectionOf } from "../../src/model/view/selection";
import { MOST_VIEWS } from "../../src/model/view/view";
import { datasetLoaded, datasetsBounded } from "../../src/store/actions/data";
import { addIsolationStep, setFilter } from "../../src/store/actions/filter";
import { notify, setCamerasLinked, setTool } from "../../src/store/actions/page";
import { goTo, listingLoaded } from "../../src/store/actions/place";
import { projectionHeard, showPositions } from "../../src/store/actions/projection";
import {
  hover,
  nameSelection,
  neighborsFound,
  redo,
  searchFound,
  select,
  setSearchColumn,
  setSearchText,
  undo,
} from "../../src/store/actions/selection";
import { tagRows, tagsTaken } from "../../src/store/actions/tags";
import { cameraMoved, restoreView, setSetting } from "../../src/store/actions/view";
import {
  activateNext,
  activateView,
  addView,
  moveView,
  openViews,
  removeView,
  splitView,
} from "../../src/store/actions/views";
import { selection } from "../../src/store/selectors/shown";
import { shownTags, tagsKey } from "../../src/store/selectors/tags";
import {
  activeScope,
  createRootStore,
  inEachView,
  type RootStore,
  type Store,
  scope,
} from "../../src/store/store";
import { dataset, listing, projection, shown } from "./fixtures";

const here = { run: "a", name: "hidden", step: 10 };

interface Two {
  readonly root: RootStore;
  readonly one: Store;
  readonly two: Store;
}

/** Two views; the second one with nothing on the screen yet. */
function twoViews(): Two {
  const root = createRootStore();
  const one = scope(root, "1");
  one.dispatch(listingLoaded(listing, here));
  one.dispatch(showPositions(shown(3)));
  root.dispatch(addView({ place: { ...here, step: 20 } }));
  return { root, one, two: scope(root, "2") };
}

/** The second view shows another step of the same points. */
function samePoints(): Two {
  const views = twoViews();
  views.two.dispatch(showPositions(shown(3, { dataset: "a-20", projection: "p2" })));
  return views;
}

/** The second view shows another tensor. */
function otherPoints(nPoints = 3): Two {
  const views = twoViews();
  views.two.dispatch(showPositions(shown(nPoints, { dataset: "c-10", projection: "p2" })));
  return views;
}

/** The second view shows the same tensor of another run, with as many points. */
function matchedPoints(): Two {
  const views = twoViews();
  views.two.dispatch(showPositions(shown(3, { dataset: "b-10", projection: "p2" })));
  return views;
}

const rows = (store: Store) => [...selection(store.state.peek())];

describe("a page with two views", () => {
  it("keeps what belongs to the page, to the data and to a view apart", () => {
    const { one, two } = twoViews();
    one.dispatch(notify("info", "here"));
    one.dispatch(projectionHeard(projection({})));
    one.dispatch(setTool("box"));
    expect(two.state.value.page.notices).toHaveLength(1);
    expect(two.state.value.work.projections).toHaveProperty("p1");
    expect(two.state.value.page.tool).toBe("navigate");
    expect(two.state.value.work.shown).toBeNull();
    expect(one.state.value.page.tool).toBe("box");
  });

  it("tells a view nothing of what only another one changes", () => {
    const { one, two } = samePoints();
    const before = two.state.value;
    one.dispatch(setCamerasLinked(false));
    const unlinked = two.state.value;
    one.dispatch(setSetting("pointScale", 3));
    one.dispatch(cameraMoved(HOME_2D));
    expect(two.state.value).toBe(unlinked);
    one.dispatch(notify("info", "here"));
    expect(two.state.value).not.toBe(before);
    expect(two.state.value.work).toBe(before.work);
    expect(two.state.value.attention).toBe(before.attention);
  });

  it("keeps the slices of a state that has not changed", () => {
    const { one } = twoViews();
    const before = one.state.value;
    one.dispatch((state) => ({ ...state }));
    expect(one.state.value).toBe(before);
  });

  it("starts a view with the settings of the active one and nothing that came of them", () => {
    const { root, one } = twoViews();
    one.dispatch(setSetting("pointScale", 3));
    one.dispatch(select(selectionOf([1])));
    root.dispatch(addView());
    const three = scope(root, "3");
    expect(three.state.value.view.pointScale).toBe(3);
    expect(three.state.value.work.shown).toBeNull();
    expect(rows(three)).toEqual([1]);
    expect(root.state.value.order).toEqual(["1", "2", "3"]);
  });

  it("acts on the active view", () => {
    const { root, one, two } = twoViews();
    const active = activeScope(root);
    active.dispatch(setTool("box"));
    root.dispatch(activateView("2"));
    active.dispatch(setTool("lasso"));
    expect([one, two, active].map(({ state }) => state.value.page.tool)).toEqual([
      "box",
      "lasso",
      "lasso",
    ]);
    root.dispatch(activateView("9"));
    expect(root.state.value.active).toBe("2");
  });

  it("hears a request in the view in which it is made", () => {
    const { root, one, two } = twoViews();
    const heard: string[] = [];
    const stop = one.onRequest(({ kind }) => heard.push(`1 ${kind}`));
    two.onRequest(({ kind }) => heard.push(`2 ${kind}`));
    one.request({ kind: "run" });
    two.request({ kind: "home" });
    root.dispatch(activateView("2"));
    activeScope(root).request({ kind: "stop" });
    stop();
    one.request({ kind: "run" });
    expect(heard).toEqual(["1 run", "2 home", "2 stop"]);
  });

  it("searches for the same in all views, in a column only where the points are the same", () => {
    const { root, one, two } = twoViews();
    one.dispatch(setSearchText("seven"));
    one.dispatch(setSearchColumn(1));
    const searched = ({ state }: Store) => {
      const { text, column } = state.value.attention.search;
      return [text, column];
    };
    expect(searched(two)).toEqual(["seven", null]);
    root.dispatch(addView());
    expect(searched(scope(root, "3"))).toEqual(["seven", 1]);
    two.dispatch(searchFound(Uint32Array.of(1)));
    expect(one.state.value.attention.search.rows.value).toBeNull();
    scope(root, "3").dispatch(setSearchText(""));
    expect(searched(one)).toEqual(["", 1]);
    expect(two.state.value.attention.search.rows.value).toBeNull();
  });

  it("moves views about", () => {
    const { root } = twoViews();
    root.dispatch(addView());
    root.dispatch(moveView("3", 0));
    expect(root.state.value.order).toEqual(["3", "1", "2"]);
    root.dispatch(moveView("9", 0));
    expect(root.state.value.order).toHaveLength(3);
  });

  it("changes every view where all are meant", () => {
    const { root, one, two } = twoViews();
    root.dispatch(inEachView(setTool("box")));
    expect([one, two].map(({ state }) => state.value.page.tool)).toEqual(["box", "box"]);
  });

  it("keeps the datasets of all views, and of the others the last few", () => {
    const { root, one } = matchedPoints();
    for (const id of ["a-10", "b-10"]) one.dispatch(datasetLoaded({ ...dataset, id }));
    for (let at = 0; at < 20; at++) {
      one.dispatch(datasetLoaded({ ...dataset, id: `other ${at}` }));
      root.dispatch(datasetsBounded());
    }
    const ids = Object.keys(root.state.value.data.datasets);
    expect(ids).toContain("a-10");
    expect(ids).toContain("b-10");
    expect(ids).toContain("other 19");
    expect(ids.length).toBeLessThan(16);
  });
});

describe("views of the same points", () => {
  it("share what is selected, saved and pointed at", () => {
    const { one, two } = samePoints();
    one.dispatch(select(selectionOf([0, 2])));
    two.dispatch(nameSelection("ends"));
    two.dispatch(hover(1, { x: 5, y: 6 }));
    expect(rows(two)).toEqual([0, 2]);
    expect(one.state.value.attention.named.map(({ name }) => name)).toEqual(["ends"]);
    expect(one.state.value.attention.hover).toBe(1);
    // Where the point stands is known of the view that the pointer is in.
    expect(one.state.value.attention.anchor).toBeNull();
    expect(two.state.value.attention.anchor).toMatchObject({ x: 5, y: 6 });
    one.dispatch(hover(2, { x: 1, y: 1 }));
    expect(two.state.value.attention.anchor).toBeNull();
  });

  it("have the same colors and filters, and each its own camera and size", () => {
    const { one, two } = samePoints();
    const column = { index: 0, name: "label" };
    one.dispatch(setSetting("color", null));
    two.dispatch(
      setFilter(column, { kind: "values", column, names: ["a"], missing: false, other: false }),
    );
    one.dispatch(addIsolationStep("hide", selectionOf([1])));
    one.dispatch(setSetting("pointScale", 2));
    expect(two.state.value.view.color).toBeNull();
    expect(two.state.value.view.isolation).toHaveLength(1);
    expect(one.state.value.view.filters).toHaveLength(1);
    expect(two.state.value.view.pointScale).toBe(1);
  });

  it("ask for neighbors anew when another view selects", () => {
    const { one, two } = samePoints();
    one.dispatch(select(selectionOf([1])));
    const found = { index: 1, metric: "cosine", k: 1, indices: [2], distances: [0] } as const;
    two.dispatch(neighborsFound({ ...found, exact: true }));
    one.dispatch(select(selectionOf([0])));
    expect(two.state.value.attention.neighbors.value).toBeNull();
  });

  it("take over what is selected when they come to show them", () => {
    const { one, two } = twoViews();
    one.dispatch(select(selectionOf([2])));
    one.dispatch(setSetting("color", null));
    two.dispatch(showPositions(shown(3, { dataset: "a-20", projection: "p2" })));
    expect(rows(two)).toEqual([2]);
    expect(two.state.value.view.color).toBeNull();
  });

  it("have what a link selects in one of them", () => {
    const { one, two } = twoViews();
    one.dispatch(select(selectionOf([2])));
    two.dispatch(select(selectionOf([0])));
    expect(rows(one)).toEqual([2]);
    two.dispatch(showPositions(shown(3, { dataset: "a-20", projection: "p2" })));
    expect(rows(one)).toEqual([0]);
  });
});

describe("views of different points", () => {
  it("have selections of their own", () => {
    const { one, two } = otherPoints();
    one.dispatch(select(selectionOf([0])));
    two.dispatch(select(selectionOf([1])));
    one.dispatch(setSetting("color", null));
    expect([rows(one), rows(two)]).toEqual([[0], [1]]);
    expect(two.state.value.view.color).toBeUndefined();
  });

  it("part where one of them goes elsewhere, and meet again", () => {
    const { root, one, two } = samePoints();
    one.dispatch(select(selectionOf([1])));
    two.dispatch(showPositions(shown(3, { dataset: "c-10", projection: "p3" })));
    // As many points of another tensor: the selection goes along.
    expect(rows(two)).toEqual([1]);
    two.dispatch(select(selectionOf([2])));
    expect(rows(one)).toEqual([1]);
    two.dispatch(showPositions(shown(3, { dataset: "a-20", projection: "p2" })));
    expect(rows(two)).toEqual([1]);
    expect(Object.keys(root.state.value.data.points)).toEqual([tagsKey(dataset)]);
  });

  it("give up a selection only where the points are of another number", () => {
    const { one, two } = samePoints();
    one.dispatch(select(selectionOf([1])));
    one.dispatch(addIsolationStep("hide", selectionOf([0])));
    two.dispatch(cameraMoved(HOME_2D));
    two.dispatch(showPositions(shown(5, { dataset: "b-10", projection: "p3" })));
    expect(rows(two)).toEqual([]);
    expect(two.state.value.view.isolation).toEqual([]);
    expect(two.state.value.view.camera).toBeNull();
    expect(rows(one)).toEqual([1]);
    expect(one.state.value.view.isolation).toHaveLength(1);
  });
});

describe("views of the same tensor in two runs", () => {
  it("take its rows for the same points: selected, hovered, filtered and colored alike", () => {
    const { one, two } = matchedPoints();
    one.dispatch(select(selectionOf([0, 2])));
    two.dispatch(hover(1, { x: 4, y: 5 }));
    two.dispatch(setSetting("color", null));
    expect(rows(two)).toEqual([0, 2]);
    expect(one.state.value.attention).toMatchObject({ hover: 1, anchor: null });
    expect(two.state.value.attention.anchor).toMatchObject({ x: 4, y: 5 });
    expect(one.state.value.view.color).toBeNull();
    two.dispatch(select(selectionOf([])));
    expect(rows(one)).toEqual([]);
  });

  it("take over what is selected when one comes to show them", () => {
    const { one, two } = twoViews();
    one.dispatch(select(selectionOf([2])));
    one.dispatch(setSetting("color", null));
    two.dispatch(showPositions(shown(3, { dataset: "b-10", projection: "p2" })));
    expect(rows(two)).toEqual([2]);
    expect(two.state.value.view.color).toBeNull();
  });

  it("take a selection back in both, as one change", () => {
    const { one, two } = matchedPoints();
    one.dispatch(select(selectionOf([0])));
    expect(one.state.value.edits.past).toHaveLength(1);
    two.dispatch(undo());
    expect([rows(one), rows(two)]).toEqual([[], []]);
    two.dispatch(redo());
    expect([rows(one), rows(two)]).toEqual([[0], [0]]);
  });

  it("keep saved selections and tags apart, which belong to one run", () => {
    const { one, two } = matchedPoints();
    one.dispatch(select(selectionOf([0])));
    one.dispatch(nameSelection("first"));
    expect(two.state.value.attention.named).toEqual([]);
  });

  it("are not matched where their numbers of points differ", () => {
    const { one, two } = otherPoints(5);
    two.dispatch(showPositions(shown(5, { dataset: "b-10", projection: "p3" })));
    one.dispatch(select(selectionOf([0])));
    expect(rows(two)).toEqual([]);
  });
});

describe("linked cameras", () => {
  const moved = { ...HOME_2D, zoom: 3 };

  it("move together, as long as they are linked", () => {
    const { one, two } = matchedPoints();
    one.dispatch(cameraMoved(moved));
    expect(two.state.value.view.camera).toBe(moved);
    two.dispatch(setCamerasLinked(false));
    two.dispatch(cameraMoved(HOME_2D));
    expect(one.state.value.view.camera).toBe(moved);
  });

  it("do not mix flat and deep views", () => {
    const { one, two } = twoViews();
    two.dispatch(
      showPositions({
        ...shown(3, { dataset: "b-10", projection: "p2" }),
        positions: { values: new Float32Array(9), dims: 3 },
      }),
    );
    one.dispatch(cameraMoved(moved));
    expect(two.state.value.view.camera).toBeNull();
  });

  it("are left alone by a link that sets up one view", () => {
    const { one, two } = matchedPoints();
    one.dispatch(restoreView({ camera: moved }));
    expect(two.state.value.view.camera).toBeNull();
  });
});

describe("sets of views", () => {
  it("split: the new one stands behind the active one, and is active", () => {
    const { root } = samePoints();
    root.dispatch(splitView());
    expect(root.state.value.order).toEqual(["1", "3", "2"]);
    expect(root.state.value.active).toBe("3");
    for (let n = 0; n < 20; n++) root.dispatch(splitView());
    expect(root.state.value.order).toHaveLength(MOST_VIEWS);
  });

  it("replace what was open, with the settings of the active view", () => {
    const { root, one } = samePoints();
    one.dispatch(setSetting("pointScale", 2));
    root.dispatch(openViews([{ method: "pca" }, { method: "umap" }, { method: "tsne" }]));
    const { order, views, active } = root.state.value;
    expect(order).toHaveLength(3);
    expect(active).toBe(order[0]);
    expect(order.map((id) => views[id]?.view.method)).toEqual(["pca", "umap", "tsne"]);
    expect(order.map((id) => views[id]?.view.pointScale)).toEqual([2, 2, 2]);
    root.dispatch(openViews([{}]));
    expect(root.state.value.order).toEqual([active]);
  });

  it("are gone through in their order", () => {
    const { root } = samePoints();
    root.dispatch(activateNext(1));
    expect(root.state.value.active).toBe("2");
    root.dispatch(activateNext(1));
    expect(root.state.value.active).toBe("1");
    root.dispatch(activateNext(-1));
    expect(root.state.value.active).toBe("2");
  });
});

describe("undo", () => {
  it("takes back the last change, in whichever view it was made", () => {
    const { one, two } = otherPoints();
    one.dispatch(setSetting("color", null));
    two.dispatch(select(selectionOf([1])));
    one.dispatch(undo());
    expect(rows(two)).toEqual([]);
    expect(one.state.value.view.color).toBeNull();
    two.dispatch(undo());
    expect(one.state.value.view.color).toBeUndefined();
    one.dispatch(redo());
    one.dispatch(redo());
    expect(one.state.value.view.color).toBeNull();
    expect(rows(two)).toEqual([1]);
  });

  it("takes a change of what views share back in all of them", () => {
    const { one, two } = samePoints();
    one.dispatch(setSetting("color", null));
    one.dispatch(select(selectionOf([1])));
    two.dispatch(undo());
    two.dispatch(undo());
    expect([one, two].map(({ state }) => state.value.view.color)).toEqual([undefined, undefined]);
    expect(rows(one)).toEqual([]);
    expect(one.state.value.edits.past).toHaveLength(0);
  });

  it("takes back tags of points that another view shows", () => {
    const { one, two } = samePoints();
    const table = emptyTable("hidden", 3);
    one.dispatch(datasetLoaded(dataset));
    one.dispatch(datasetLoaded({ ...dataset, id: "a-20", step: 20 }));
    one.dispatch(
      tagsTaken(tagsKey(dataset), {
        dataset: "a-10",
        table,
        revision: null,
        file: null,
        isBeside: true,
        status: "clean",
        message: "",
      }),
    );
    one.dispatch(tagRows("kind", [0], "odd"));
    expect(shownTags(two.state.value)?.columns).toHaveLength(1);
    two.dispatch(undo());
    expect(shownTags(one.state.value)).toBe(table);
  });

  it("forgets only what was done among points that are shown no longer", () => {
    const { one, two } = otherPoints();
    one.dispatch(select(selectionOf([0])));
    two.dispatch(select(selectionOf([1])));
    two.dispatch(showPositions(shown(5, { dataset: "b-10", projection: "p3" })));
    expect(one.state.value.edits.past).toHaveLength(1);
    two.dispatch(undo());
    expect(rows(one)).toEqual([]);
    expect(rows(two)).toEqual([]);
  });

  it("goes along with a selection to another run of as many points", () => {
    const { one } = twoViews();
    one.dispatch(select(selectionOf([0])));
    one.dispatch(showPositions(shown(3, { dataset: "b-10", projection: "p3" })));
    one.dispatch(undo());
    expect(rows(one)).toEqual([]);
    one.dispatch(redo());
    expect(rows(one)).toEqual([0]);
  });

  it("is not made by a view that comes to show the points of another one", () => {
    const { one, two } = twoViews();
    one.dispatch(setSetting("color", null));
    const before = one.state.value.edits.past.length;
    two.dispatch(showPositions(shown(3, { dataset: "a-20", projection: "p2" })));
    expect(one.state.value.edits.past).toHaveLength(before);
  });
});

describe("a removed view", () => {
  it("leaves the others as they are, and gives its place to the next", () => {
    const { root, one, two } = otherPoints();
    root.dispatch(activateView("2"));
    two.dispatch(select(selectionOf([1])));
    one.dispatch(select(selectionOf([0])));
    root.dispatch(removeView("2"));
    expect(root.state.value.active).toBe("1");
    expect(root.state.value.order).toEqual(["1"]);
    expect(Object.keys(root.state.value.data.points)).toEqual([tagsKey(dataset)]);
    // What was done in it cannot be undone.
    expect(root.state.value.page.edits.past).toHaveLength(1);
    expect(rows(one)).toEqual([0]);
  });

  it("stays as it was for work that ends late", () => {
    const { root, two } = otherPoints();
    const last = two.state.value;
    root.dispatch(removeView("2"));
    two.dispatch(setSetting("pointScale", 5));
    expect(two.state.value).toBe(last);
    root.dispatch(addView());
    expect(root.state.value.order).toEqual(["1", "3"]);
  });

  it("is never the last one", () => {
    const root = createRootStore();
    root.dispatch(removeView("1"));
    root.dispatch(removeView("7"));
    expect(root.state.value.order).toEqual(["1"]);
  });

  it("keeps the points that another view shows", () => {
    const { root, one } = samePoints();
    one.dispatch(select(selectionOf([1])));
    root.dispatch(removeView("2"));
    expect(rows(one)).toEqual([1]);
  });
});

describe("a view that goes on to another place", () => {
  it("is alone in it", () => {
    const { root, one, two } = samePoints();
    one.dispatch(goTo({ ...here, step: 20 }));
    expect(one.state.value.view.place?.step).toBe(20);
    expect(two.state.value.view.place?.step).toBe(20);
    two.dispatch(goTo(here));
    expect(one.state.value.view.place?.step).toBe(20);
    expect(root.state.value.order).toHaveLength(2);
  });
});
