import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/model/data/dataset";
import { selectionOf } from "../../../src/model/view/selection";
import { addBookmark } from "../../../src/store/actions/bookmarks";
import { datasetLoaded } from "../../../src/store/actions/data";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { nameSelection, select } from "../../../src/store/actions/selection";
import { commandForKey, commandsOf, isEnabled } from "../../../src/store/commands";
import { createStore, type Store } from "../../../src/store/store";
import { dataset, listing, methods } from "../fixtures";

function fullStore(info: Dataset = dataset): Store {
  const store = createStore();
  store.dispatch(listingLoaded(listing));
  store.dispatch(methodsLoaded(methods));
  store.dispatch(datasetLoaded(info));
  store.dispatch(goToStep(10));
  return store;
}

function command(store: Store, id: string) {
  const found = commandsOf(store.state.value).find((each) => each.id === id);
  if (!found) throw new Error(`There is no command "${id}".`);
  return found;
}

function press(store: Store, key: string): void {
  const state = store.state.value;
  const found = commandForKey(state, key);
  if (!found) throw new Error(`No command has the key ${key}.`);
  if (isEnabled(found, state)) found.run(store);
}

describe("commands", () => {
  it("have ids, titles and keys of their own", () => {
    const store = fullStore();
    store.dispatch(select(selectionOf([1])));
    store.dispatch(nameSelection());
    store.dispatch(addBookmark());
    const all = commandsOf(store.state.value);
    for (const part of [
      all.flatMap((each) => each.keys),
      all.map(({ id }) => id),
      all.map(({ title }) => title),
    ]) {
      expect(new Set(part).size).toBe(part.length);
    }
    for (const id of ["run.b", "method.umap", "column.color.0.label", "bookmark.0"]) {
      expect(all.map((each) => each.id)).toContain(id);
    }
  });

  it("hide points and bring them back, with undo", () => {
    const store = fullStore();
    expect(command(store, "selection.hide").isDisabled).toBe(true);
    store.dispatch(select(selectionOf([0, 2])));
    command(store, "selection.hide").run(store);
    expect(store.state.value.view.isolation).toMatchObject([{ kind: "hide" }]);
    expect(store.state.value.attention.history.present).toHaveLength(0);
    command(store, "selection.show-all").run(store);
    expect(store.state.value.view.isolation).toHaveLength(0);
    command(store, "edit.undo").run(store);
    expect(store.state.value.view.isolation).toHaveLength(1);
    command(store, "edit.redo").run(store);
    expect(store.state.value.view.isolation).toHaveLength(0);
  });

  it("color and label by every column", () => {
    const store = fullStore();
    expect(command(store, "column.color.0.label").isOn).toBe(true);
    command(store, "appearance.color-by-nothing").run(store);
    expect(command(store, "column.color.0.label").isOn).toBe(false);
    command(store, "column.color.0.label").run(store);
    expect(store.state.value.view.color).toEqual({ index: 0, name: "label" });
    command(store, "run.b").run(store);
    expect(store.state.value.view.place?.run).toBe("b");
  });

  it("act on the state as it is when they are run, not as it was when they were listed", () => {
    const store = fullStore();
    const box = command(store, "plot.box");
    box.run(store);
    expect(store.state.value.page.tool).toBe("box");
    box.run(store);
    expect(store.state.value.page.tool).toBe("navigate");
    const isolate = command(store, "selection.isolate");
    store.dispatch(select(selectionOf([1])));
    isolate.run(store);
    expect([...(store.state.value.view.isolation[0]?.rows ?? [])]).toEqual([1]);
  });

  it("have a title that tells what they will do", () => {
    const store = fullStore();
    expect(command(store, "projection.dims").title).toBe("Show in 3D");
    command(store, "projection.dims").run(store);
    expect(command(store, "projection.dims").title).toBe("Show in 2D");
    expect(command(store, "setting.lens.parallel").isDisabled).toBe(false);
  });
});

describe("keys", () => {
  it("do what they have always done", () => {
    const keys = Object.fromEntries(
      commandsOf(fullStore().state.value).flatMap(({ id, keys }) => keys.map((key) => [key, id])),
    );
    expect(keys).toMatchObject({
      "Ctrl+Z": "edit.undo",
      "Ctrl+Shift+Z": "edit.redo",
      "Ctrl+Y": "edit.redo",
      "Alt+ArrowLeft": "selection.previous",
      "Alt+ArrowRight": "selection.next",
      "Ctrl+A": "selection.all",
      "Ctrl+I": "selection.invert",
      S: "selection.save",
      A: "tags.tag-selection",
      F: "selection.zoom",
      Enter: "selection.isolate",
      Delete: "selection.hide",
      Backspace: "selection.hide",
      "Shift+Enter": "selection.show-all",
      X: "filter.charts",
      "Shift+X": "filter.clear",
      G: "setting.ghosts",
      H: "plot.home",
      Q: "plot.rotate-left",
      W: "plot.rotate-right",
      V: "plot.navigate",
      B: "plot.box",
      L: "plot.lasso",
      O: "plot.front",
      "Ctrl+S": "plot.save-png",
      N: "setting.categoryLabels",
      "Shift+N": "setting.pointNames",
      I: "setting.sprites",
      "Shift+D": "appearance.density",
      "[": "step.previous",
      "]": "step.next",
      P: "step.play",
      "/": "search.points",
      "Ctrl+F": "search.points",
      "1": "method.pca",
      "2": "method.umap",
      R: "projection.run",
      C: "projection.compare",
      D: "projection.dims",
      "Ctrl+O": "file.open",
      "Ctrl+K": "page.commands",
      T: "page.theme",
      ",": "panel.left",
      ".": "panel.right",
      M: "panel.table",
      "Ctrl+D": "bookmark.add",
      E: "page.export",
      "Shift+F": "page.full-screen",
      "?": "page.shortcuts",
    });
    for (const [key, id] of Object.entries(keys)) {
      expect(commandForKey(fullStore().state.value, key)?.id).toBe(id);
    }
  });

  it("run what is enabled, and are known where it is not", () => {
    const store = fullStore();
    press(store, "G");
    expect(store.state.value.view.ghosts).toBe(false);
    press(store, "2");
    expect(store.state.value.view.method).toBe("umap");
    press(store, "Enter");
    expect(store.state.value.view.isolation).toHaveLength(0);
    expect(commandForKey(store.state.value, "Ctrl+Alt+J")).toBeNull();
    expect(commandForKey(createStore().state.value, "1")).toBeNull();
  });

  it("are found without a look at the columns, and each time as the same command", () => {
    const info: Dataset = {
      ...dataset,
      get columns(): never {
        throw new Error("The columns were listed.");
      },
    };
    const store = fullStore(info);
    const states = [store.state.value];
    press(store, "G");
    states.push(store.state.value);
    expect(() => commandsOf(store.state.value)).toThrow("columns were listed");
    for (const key of ["Ctrl+Z", "G", "H", "M", "1", "2"]) {
      const [before, after] = states.map((state) => commandForKey(state, key));
      expect(after).toBe(before);
    }
  });
});

describe("a read-only server", () => {
  const store = fullStore();
  store.dispatch(listingLoaded({ ...listing, read_only: true }));

  it("has no commands for what it refuses, and no keys", () => {
    const ids = new Set(commandsOf(store.state.value).map(({ id }) => id));
    for (const id of [
      "clusters.find",
      "clusters.find-in-picture",
      "file.open",
      "page.demo",
      "projection.stop",
      "selection.project-only",
      "tags.tag-selection",
      "tags.edit-columns",
    ]) {
      expect(ids.has(id)).toBe(false);
    }
    for (const key of ["A", "Ctrl+O"]) expect(commandForKey(store.state.value, key)).toBeNull();
  });

  it("has all others", () => {
    const all = commandsOf(fullStore().state.value).length;
    expect(commandsOf(store.state.value)).toHaveLength(all - 8);
    expect(commandForKey(store.state.value, "S")?.id).toBe("selection.save");
  });
});
