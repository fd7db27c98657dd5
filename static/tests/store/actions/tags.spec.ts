import { describe, expect, it } from "vitest";
import { emptyTable, type TagTable, withTag } from "../../../src/model/data/tags";
import { columnLoaded, columnReplaced, datasetLoaded } from "../../../src/store/actions/data";
import { listingLoaded } from "../../../src/store/actions/place";
import { requestAnswered } from "../../../src/store/actions/projection";
import { redo, select, undo, valuesLoaded } from "../../../src/store/actions/selection";
import {
  deleteTagColumn,
  keptChanged,
  renameTagColumn,
  tagRows,
  tagsTaken,
} from "../../../src/store/actions/tags";
import { setSetting } from "../../../src/store/actions/view";
import { isCurrent } from "../../../src/store/selectors/companions";
import { hasUnsaved, shownTags, tagsKey } from "../../../src/store/selectors/tags";
import type { KeptTags } from "../../../src/store/state/tags";
import { createStore, type Store } from "../../../src/store/store";
import { dataset, listing, projection } from "../fixtures";

const KEY = tagsKey(dataset);
const EMPTY = emptyTable("hidden", 3);

function kept(table: TagTable, revision: string | null = null): KeptTags {
  const file = "a/hidden.projector-tags.tsv";
  const place = { dataset: "a-10", revision, file, isBeside: true };
  return { ...place, table, status: "clean", message: "" };
}

function opened(): Store {
  const store = createStore();
  store.dispatch(listingLoaded(listing, { run: "a", step: 10 }));
  store.dispatch(datasetLoaded(dataset, "r1"));
  store.dispatch(tagsTaken(KEY, kept(EMPTY)));
  return store;
}

const cells = (store: Store, column: string) => {
  const found = shownTags(store.state.peek())?.columns.find(({ name }) => name === column);
  return found && [...found.codes].map((code) => found.texts[code - 1] ?? "");
};

describe("tags", () => {
  it("is undone and redone with everything else, and wants saving each time", () => {
    const store = opened();
    expect(hasUnsaved(store.state.peek())).toBe(false);
    store.dispatch(tagRows("kind", [0, 2], "odd"));
    expect(hasUnsaved(store.state.peek())).toBe(true);
    store.dispatch(select(Uint32Array.of(1)));
    store.dispatch(undo());
    expect(cells(store, "kind")).toEqual(["odd", "", "odd"]);
    store.dispatch(undo());
    expect(shownTags(store.state.peek())).toBe(EMPTY);
    expect(hasUnsaved(store.state.peek())).toBe(false);
    store.dispatch(redo());
    expect(cells(store, "kind")).toEqual(["odd", "", "odd"]);
  });

  it("never takes back what others wrote: undo rests on it", () => {
    const store = opened();
    store.dispatch(tagRows("kind", [0], "mine"));
    const theirs = withTag(EMPTY, "kind", [1], "theirs");
    store.dispatch(tagsTaken(KEY, kept(theirs, "2")));
    store.dispatch(undo());
    expect(cells(store, "kind")).toEqual(["", "theirs", ""]);
    expect(hasUnsaved(store.state.peek())).toBe(false);
  });

  it("keeps what is wanted while saving fails", () => {
    const store = opened();
    store.dispatch(tagRows("kind", [0], "odd"));
    store.dispatch(keptChanged(KEY, { status: "failed", message: "no" }));
    expect(cells(store, "kind")).toEqual(["odd", "", ""]);
    expect(hasUnsaved(store.state.peek())).toBe(true);
  });

  it("leaves no empty edit of a column of the data, but an empty column of its own", () => {
    const store = opened();
    store.dispatch(tagRows("label", [0], "x"));
    store.dispatch(tagRows("kind", [0], "x"));
    store.dispatch(tagRows("label", [0], null));
    store.dispatch(tagRows("kind", [0], null));
    expect(cells(store, "label")).toBeUndefined();
    expect(cells(store, "kind")).toEqual(["", "", ""]);
    store.dispatch(deleteTagColumn("kind"));
    expect(shownTags(store.state.peek())?.columns).toEqual([]);
  });

  it("is followed by the colors when a column gets another name", () => {
    const store = opened();
    store.dispatch(tagRows("kind", [0], "x"));
    store.dispatch(setSetting("color", { name: "kind", index: 1 }));
    store.dispatch(renameTagColumn("kind", "sort"));
    expect(store.state.peek().view.color).toEqual({ name: "sort", index: 1 });
    store.dispatch(undo());
    expect(store.state.peek().view.color).toEqual({ name: "kind", index: 1 });
    expect(cells(store, "kind")).toEqual(["x", "", ""]);
  });
});

describe("a dataset that was tagged", () => {
  const [label] = dataset.columns;
  if (!label) throw new Error("one column");
  const tags = { edits: true, n_tagged: 1, revision: "t1" };
  const retagged = { ...dataset, columns: [{ ...label, tags }] };
  const codes = { kind: "codes", codes: Uint16Array.of(0, 1, 0) } as const;
  const categories = { names: ["a", "b"], counts: [2, 1], n_categories: 2 };

  function loaded(): Store {
    const store = opened();
    store.dispatch(columnLoaded("a-10", 0, { codes: { ...codes, categories } }));
    store.dispatch(valuesLoaded("a-10", { index: 1, values: ["b"] }));
    const entries = listing.entries.map((each) => ({ ...each, tags: "t" }));
    store.dispatch(listingLoaded({ ...listing, version: "2", entries }));
    return store;
  }

  it("is fetched again, and shows what it was until then", () => {
    const store = loaded();
    expect(isCurrent(store.state.peek(), "a-10")).toBe(false);
    store.dispatch(datasetLoaded(retagged, "r1", "t"));
    const state = store.state.peek();
    expect(isCurrent(state, "a-10")).toBe(true);
    expect(state.datasets["a-10"]?.columns[0]?.isStale).toBe(true);
    expect(state.datasets["a-10"]?.columns[0]?.codes?.codes).toBe(codes.codes);
    expect(state.attention.values["a-10:1"]).toMatchObject({
      index: 1,
      values: ["b"],
      isStale: true,
    });
    store.dispatch(columnReplaced("a-10", 0, {}));
    expect(store.state.peek().datasets["a-10"]?.columns[0]).toEqual({});
  });

  it("keeps columns that nobody tagged", () => {
    const store = loaded();
    store.dispatch(datasetLoaded(dataset, "r1", "t"));
    expect(store.state.peek().datasets["a-10"]?.columns[0]?.isStale).toBeUndefined();
  });

  it("makes a layout in which the column took part no answer any more, and no other", () => {
    const store = loaded();
    const by = 'a-10 umap [["supervise_by","label"]]';
    const params = { supervise_by: "label" };
    store.dispatch(requestAnswered(by, projection({ id: "by label", params })));
    store.dispatch(requestAnswered("a-10 umap []", projection({ id: "plain" })));
    store.dispatch(requestAnswered("a-20", projection({ id: "other", dataset: "a-20", params })));
    store.dispatch(datasetLoaded(retagged, "r1", "t"));
    expect(Object.keys(store.state.peek().work.answers)).toEqual(["a-10 umap []", "a-20"]);
  });
});
