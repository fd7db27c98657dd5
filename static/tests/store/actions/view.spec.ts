import { describe, expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { keysOf } from "../../../src/model/view/setting";
import { SETTINGS, type SettingKey, type ViewSettings } from "../../../src/model/view/settings";
import { INITIAL_VIEW } from "../../../src/model/view/view";
import { addIsolationStep } from "../../../src/store/actions/filter";
import { densityOffered } from "../../../src/store/actions/page";
import { showPositions } from "../../../src/store/actions/projection";
import { undo } from "../../../src/store/actions/selection";
import { resetSwatches, setRamp, setSetting, setSwatch } from "../../../src/store/actions/view";
import { drawnAs } from "../../../src/store/selectors/shown";
import { createStore, type Store } from "../../../src/store/store";

function showing(nPoints: number, dims: 2 | 3): Store {
  const store = createStore();
  store.dispatch(
    showPositions({
      dataset: "d",
      projection: "p",
      method: "given",
      params: {},
      components: null,
      positions: { values: new Float32Array(nPoints * dims), dims },
      isLive: false,
    }),
  );
  return store;
}

describe("how points are drawn", () => {
  it("is a density by itself where a hundred thousand of them lie flat", () => {
    expect(drawnAs(showing(100_000, 2).state.value)).toBe("density");
    expect(drawnAs(showing(99_999, 2).state.value)).toBe("points");
    expect(drawnAs(showing(100_000, 3).state.value)).toBe("points");
  });

  it("is by points again where few of them are isolated", () => {
    const store = showing(100_000, 2);
    store.dispatch(addIsolationStep("isolate", selectionOf([1, 2, 3])));
    expect(drawnAs(store.state.value)).toBe("points");
  });

  it("follows the choice, which can be undone", () => {
    const store = showing(100_000, 2);
    store.dispatch(setSetting("drawAs", "points"));
    expect(drawnAs(store.state.value)).toBe("points");
    store.dispatch(undo());
    expect(drawnAs(store.state.value)).toBe("density");
    const deep = showing(10, 3);
    deep.dispatch(setSetting("drawAs", "density"));
    expect(drawnAs(deep.state.value)).toBe("density");
  });

  it("has either images or a density", () => {
    const store = showing(10, 2);
    store.dispatch(setSetting("sprites", true));
    store.dispatch(setSetting("drawAs", "density"));
    expect(store.state.value.view.sprites).toBe(false);
    store.dispatch(setSetting("sprites", true));
    expect(drawnAs(store.state.value)).toBe("points");
    store.dispatch(setSetting("sprites", false));
    expect(drawnAs(store.state.value)).toBe("points");
  });

  it("is by points in a browser that can draw nothing else", () => {
    const store = showing(100_000, 2);
    store.dispatch(setSetting("drawAs", "density"));
    store.dispatch(densityOffered(false));
    expect(drawnAs(store.state.value)).toBe("points");
  });
});

/** A value other than the initial one; undefined for settings with texts of their own. */
function otherValue(key: SettingKey): ViewSettings[SettingKey] {
  const setting = SETTINGS[key];
  switch (setting.kind) {
    case "toggle":
      return !setting.initial;
    case "choice":
      return setting.choices.find(({ value }) => value !== setting.initial)?.value;
    case "number":
      return setting.high;
    case "column":
      return { name: "label", index: 2 };
    case "own":
      return undefined;
  }
}

describe("setting a setting", () => {
  const simple = keysOf<ViewSettings>(SETTINGS).filter((key) => otherValue(key) !== undefined);

  it.each(simple)("changes %s, and undo brings it back where the table says so", (key) => {
    const store = createStore();
    const value = otherValue(key);
    store.dispatch((state) => setSetting(key, value)(state));
    expect(store.state.value.view[key]).toEqual(value);
    store.dispatch(undo());
    const isUndoable = SETTINGS[key].undo !== "never";
    expect(store.state.value.view[key]).toEqual(isUndoable ? INITIAL_VIEW[key] : value);
  });

  it("keeps the other half of the ramp", () => {
    const store = createStore();
    store.dispatch(setRamp({ transform: "log" }));
    store.dispatch(setRamp({ kind: "diverging" }));
    expect(store.state.value.view.ramp).toEqual({ transform: "log", kind: "diverging" });
  });

  it("gives categories colors of their own, and their first ones back", () => {
    const store = createStore();
    store.dispatch(setSwatch("label", "7", "#ff0000"));
    store.dispatch(setSwatch("label", "8", "#00ff00"));
    store.dispatch(setSwatch("other", "7", "#0000ff"));
    store.dispatch(setSwatch("label", "7", null));
    expect(store.state.value.view.swatches).toEqual({
      label: { "8": "#00ff00" },
      other: { "7": "#0000ff" },
    });
    store.dispatch(resetSwatches("label"));
    expect(store.state.value.view.swatches).toEqual({ other: { "7": "#0000ff" } });
  });
});
