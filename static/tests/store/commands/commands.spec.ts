import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { datasetLoaded } from "../../../src/store/actions/data";
import { goToStep, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { select } from "../../../src/store/actions/selection";
import { commandsOf } from "../../../src/store/commands";
import { createStore } from "../../../src/store/store";
import { dataset, listing, methods } from "../fixtures";

function fullStore() {
  const store = createStore();
  store.dispatch(listingLoaded(listing));
  store.dispatch(methodsLoaded(methods));
  store.dispatch(datasetLoaded(dataset));
  store.dispatch(goToStep(10));
  return store;
}

function command(store: ReturnType<typeof createStore>, title: string) {
  const found = commandsOf(store.state.value).find((each) => each.title === title);
  if (!found) throw new Error(`There is no command "${title}".`);
  return found;
}

describe("commands", () => {
  it("have names and keys of their own", () => {
    const all = commandsOf(fullStore().state.value);
    const keys = all.flatMap((each) => each.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    const titles = all.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("take points out of sight and bring them back, with undo", () => {
    const store = fullStore();
    expect(command(store, "Hide the selection").isDisabled).toBe(true);
    store.dispatch(select(selectionOf([0, 2])));
    command(store, "Hide the selection").run(store);
    expect(store.state.value.view.focus).toMatchObject([{ kind: "hide" }]);
    expect(store.state.value.attention.trail.present).toHaveLength(0);
    command(store, "Show all points").run(store);
    expect(store.state.value.view.focus).toHaveLength(0);
    command(store, "Undo").run(store);
    expect(store.state.value.view.focus).toHaveLength(1);
    command(store, "Redo").run(store);
    expect(store.state.value.view.focus).toHaveLength(0);
  });

  it("color and label by every column", () => {
    const store = fullStore();
    command(store, "Color by label").run(store);
    expect(store.state.value.view.color).toEqual({ index: 0, name: "label" });
    command(store, "Go to run b").run(store);
    expect(store.state.value.view.place?.run).toBe("b");
  });
});
