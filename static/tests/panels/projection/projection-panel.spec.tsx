// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import { ProjectionPanel } from "../../../src/panels/projection/projection-panel";
import { datasetLoaded } from "../../../src/store/actions/data";
import { projectionModified } from "../../../src/store/actions/live-parameters";
import { listingLoaded, methodsFailed, methodsLoaded } from "../../../src/store/actions/place";
import {
  openMethod,
  projectionHeard,
  requestAnswered,
  requestDraft,
  requestStarted,
  setDims,
  setParameter,
} from "../../../src/store/actions/projection";
import { select } from "../../../src/store/actions/selection";
import { requestKey } from "../../../src/store/selectors/request";
import type { Action } from "../../../src/store/store";
import { dataset, listing, methods, projection, unheardOf } from "../../store/fixtures";
import { click, draw, fill, OPENED, press, SHOWN, screen, shownText, unfold } from "../rendering";

const NAME = unheardOf.name;
/** So many points that two labels divide them into groups. */
const LABELED = { ...dataset, n_points: 40 };
const ALL = [...OPENED, methodsLoaded([...methods, unheardOf]), datasetLoaded(LABELED, "r2")];
const ROWS = Uint32Array.of(0, 1, 2);

function opened(...actions: Action[]) {
  const page = draw(<ProjectionPanel />, ...ALL, openMethod(NAME), ...actions);
  unfold();
  return { ...page, draft: () => page.state().view.drafts[NAME] ?? {} };
}

/** The answer to what was asked for last, by the method that nobody has heard of. */
function answered(part: Parameters<typeof projection>[0]): Action {
  return (state) => {
    const key = requestKey(state, state.view.request) ?? "";
    const params = { n_components: 2, ...state.view.request.params };
    return requestAnswered(key, projection({ method: NAME, params, ...part }))(state);
  };
}

describe("the form of a method that the page has never heard of", () => {
  it("has a control for every parameter, by its name", () => {
    opened(setDims(3));
    const panel = within(screen.getByRole("tabpanel", { name: "Unheard of" }));
    for (const [role, name] of [
      ["textbox", "speed"],
      ["slider", "speed slider"],
      ["combobox", "shape"],
      ["checkbox", "is_tight"],
      ["textbox", "formula"],
      ["textbox", "X from"],
      ["textbox", "X to"],
      ["textbox", "Z from"],
      ["combobox", "by"],
      ["textbox", "rounds"],
      ["textbox", "n_sampled"],
      ["checkbox", "scaled"],
      ["textbox", "seed"],
    ] as const) {
      expect(panel.getByRole(role, { name })).toBeDefined();
    }
    expect(panel.queryByRole("textbox", { name: "n_components" })).toBeNull();
  });

  it("says what a parameter of scale does without being pointed at", () => {
    opened();
    expect(shownText()).toContain("What n_sampled does.");
    expect(shownText()).not.toContain("What rounds does.");
  });

  it("has no third axis in 2D", () => {
    const { dispatch } = opened();
    expect(screen.queryByRole("textbox", { name: "Z from" })).toBeNull();
    dispatch(setDims(3));
    expect(screen.queryByRole("textbox", { name: "Z from" })).not.toBeNull();
  });

  it("asks for more once a column supervises, and says so while it is folded", () => {
    const { requests, draft } = opened();
    expect(screen.queryByRole("textbox", { name: "weight" })).toBeNull();
    fill(screen.getByRole("combobox", { name: "by" }), "label");
    expect(requests).toEqual([{ kind: "load-column", column: 0, what: "codes" }]);
    expect(screen.getByRole("slider", { name: "weight slider" })).toBeDefined();
    expect(screen.getByRole("combobox", { name: "unknown_value" })).toBeDefined();
    expect(screen.getByText("guided by label").closest("summary")).not.toBeNull();
    expect(shownText()).toContain("Neighbors with a different label are moved apart");
    fill(screen.getByRole("textbox", { name: "weight" }), "0.8");
    expect(draft()).toEqual({ by: "label", weight: 0.8 });
    fill(screen.getByRole("combobox", { name: "by" }), "");
    expect(draft()).toEqual({});
    expect(screen.queryByRole("textbox", { name: "weight" })).toBeNull();
  });

  it("offers no supervision where no column makes groups", () => {
    const [column] = dataset.columns;
    if (!column) throw new Error("no column");
    const unique = { ...LABELED, columns: [{ ...column, n_categories: 40 }] };
    const { dispatch } = opened(datasetLoaded(unique, "r3"));
    expect(screen.queryByRole("combobox", { name: "by" })).toBeNull();
    // Unless a link has chosen one.
    dispatch(setParameter("by", "other"));
    unfold();
    expect(screen.getByRole("combobox", { name: "by" })).toHaveProperty("value", "other");
  });

  it("is reset by a button that is there while there is something to reset", () => {
    const { draft } = opened();
    expect(screen.queryByRole("button", { name: "Reset parameters" })).toBeNull();
    fill(screen.getByRole("textbox", { name: "seed" }), "7");
    expect(draft()).toEqual({ seed: 7 });
    click(screen.getByRole("button", { name: "Reset parameters" }));
    expect(draft()).toEqual({});
  });
});

describe("a set of points", () => {
  it("is typed, and what is no point is said", () => {
    const { draft } = opened();
    const field = screen.getByRole("textbox", { name: "X from" });
    expect(field.getAttribute("placeholder")).toBe("all points");
    fill(field, "0, x");
    expect(shownText()).toContain('"x" is not a point. Use row numbers such as 3, 17, 20-40.');
    fill(field, "0-2");
    expect(draft()).toEqual({ x_from: "0-2" });
    fill(field, "= a + b");
    expect(field.getAttribute("aria-invalid")).toBe("false");
    click(screen.getByRole("button", { name: "X from: reset to all points" }));
    expect(draft()).toEqual({});
  });

  it("is taken from the selection", () => {
    const { dispatch, draft } = opened();
    const button = screen.getByRole("button", { name: "X to: use the selection" });
    expect(button).toHaveProperty("disabled", true);
    dispatch(select(ROWS));
    click(button);
    expect(draft()).toEqual({ x_to: "0-2" });
  });

  it("of many words is a number of points, and selects them", () => {
    const { state } = opened(setParameter("x_from", "0,   1,   2,   0,   1"));
    const button = screen.getByRole("button", { name: "X from: 3 points" });
    click(button);
    expect([...state().attention.history.present]).toEqual([0, 1, 2]);
  });
});

describe("the methods", () => {
  it("are tabs that arrow keys move through", () => {
    const { state } = draw(<ProjectionPanel />, ...ALL);
    const tabs = screen.getAllByRole("tab");
    expect(tabs.map(({ textContent }) => textContent)).toEqual(["PCA", "UMAP", "Unheard of"]);
    press(screen.getByRole("tablist", { name: "Method" }), "ArrowLeft");
    expect(state().view.method).toBe(NAME);
    expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Unheard of");
    press(screen.getByRole("tablist", { name: "Method" }), "ArrowRight");
    expect(state().view.method).toBe("pca");
  });

  it("that could not be fetched are said", () => {
    draw(<ProjectionPanel />, ...OPENED, methodsFailed("The server cannot be reached."));
    expect(shownText()).toContain("The server cannot be reached.");
    expect(screen.queryByRole("tabpanel")).toBeNull();
  });
});

describe("a run", () => {
  it("is asked for, and the button waits with it", () => {
    const { requests, dispatch, state } = opened(requestDraft());
    click(screen.getByRole("button", { name: "Run Unheard of" }));
    expect(requests).toEqual([{ kind: "run" }]);
    dispatch(requestStarted(requestKey(state(), state().view.request) ?? ""));
    expect(screen.getByRole("button", { name: "Starting…" })).toHaveProperty("disabled", true);
  });

  it("shows its progress, is paused and stopped", () => {
    const { requests, dispatch } = opened(requestDraft(), answered({ remaining_seconds: 90 }));
    expect(screen.getByRole("progressbar", { name: "layout" })).toHaveProperty("value", 0.1);
    expect(shownText()).toContain("1 / 10");
    click(screen.getByRole("button", { name: "Pause" }));
    click(screen.getByRole("button", { name: "Stop" }));
    expect(requests.map(({ kind }) => kind)).toEqual(["pause", "stop"]);
    dispatch(projectionHeard(projection({ method: NAME, paused: true })));
    expect(screen.getByRole("progressbar", { name: "Paused" })).toBeDefined();
    click(screen.getByRole("button", { name: "Resume" }));
    expect(requests.at(-1)).toEqual({ kind: "resume" });
    expect(screen.queryByRole("button", { name: /^Run/ })).toBeNull();
  });

  it("offers its live parameters and its actions while it goes on", () => {
    const { requests, dispatch } = opened(requestDraft(), answered({}));
    const live = within(screen.getByRole("group", { name: "Live parameters" }));
    expect(live.getByText(/apply immediately/).textContent).toContain("and to speed above,");
    const stir = live.getByRole("button", { name: "Stir" });
    expect(stir.title).toBe("Move every point a little.");
    click(stir);
    expect(requests).toEqual([{ kind: "run-action", action: "stir" }]);
    dispatch(projectionHeard(projection({ method: NAME, state: "done" })));
    expect(screen.queryByRole("group", { name: "Live parameters" })).toBeNull();
  });

  it("goes on with a live parameter, and must be repeated for any other", () => {
    const { dispatch } = opened(requestDraft(), answered({}));
    fill(screen.getByRole("textbox", { name: "speed" }), "5");
    expect(shownText()).not.toContain("Run to apply them.");
    dispatch(setParameter("shape", "square"));
    expect(shownText()).toContain("Parameters changed. Run to apply them.");
    expect(screen.getByRole("button", { name: "Run Unheard of" })).toBeDefined();
  });

  it("that was modified says that it cannot be reproduced", () => {
    const done = projection({ id: "p2", method: NAME, state: "done", params: { speed: 5 } });
    const { dispatch } = opened(
      requestDraft(),
      answered({}),
      setParameter("speed", 5),
      projectionModified("p1", done, { speed: 5 }),
    );
    dispatch((state) => ({
      ...state,
      work: {
        ...state.work,
        shown: {
          dataset: dataset.id,
          projection: "p2",
          method: NAME,
          params: done.params,
          components: null,
          positions: { values: new Float32Array(6), dims: 2 },
          isLive: false,
        },
      },
    }));
    expect(shownText()).toContain("it cannot be reproduced from its settings");
    expect(shownText()).toContain("Run computes this from scratch with these parameters.");
  });

  it("that is done says what was found, and needs no button", () => {
    opened(
      requestDraft(),
      answered({ state: "done", details: { kl_divergence: 1.234 }, warnings: ["Two rows."] }),
    );
    expect(screen.getByText("KL divergence").nextSibling?.textContent).toBe("1.23");
    expect(shownText()).toContain("Two rows.");
    expect(screen.queryByRole("button", { name: /^Run/ })).toBeNull();
  });

  it("is impossible where the file is gone", () => {
    const { dispatch } = draw(<ProjectionPanel />, ...SHOWN);
    dispatch((state) =>
      listingLoaded({ ...listing, version: "2", entries: listing.entries.slice(1) })(state),
    );
    expect(shownText()).toContain("Its file was deleted, so it cannot be computed again.");
  });
});
