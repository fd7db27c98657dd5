// @vitest-environment jsdom
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { HealthSeries } from "../../../src/model/data/health";
import { asked, type Measurement, type MeasureName } from "../../../src/model/data/measurement";
import { Measures } from "../../../src/panels/measures/measures";
import { showMeasure } from "../../../src/store/actions/layout";
import { measured } from "../../../src/store/actions/measures";
import { goTo } from "../../../src/store/actions/place";
import type { MeasureValues } from "../../../src/store/state/measures";
import type { Action } from "../../../src/store/store";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

// There is nothing to draw on here.
beforeAll(() => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

const HEALTH: HealthSeries = {
  run: "a",
  name: "hidden",
  figures: [
    { name: "rank", title: "Effective rank", formula: "exp(H)" },
    { name: "dead", title: "Dead dimensions", formula: "std = 0" },
  ],
  steps: [10, 20].map((step) => ({
    step,
    n_points: 3,
    n_dims: 8,
    figures: { rank: step / 4, dead: 3 },
    warnings: ["Ranks are at least."],
    alarms: [{ figure: "dead", message: "3 of 8 dimensions are dead: 1, 2, 5.", step }],
  })),
};

function known<Name extends keyof MeasureValues>(
  name: Name,
  value: MeasureValues[Name] | null,
  part: Partial<Measurement<MeasureValues[Name]>> = {},
): Action {
  return measured(
    name,
    { ...asked<MeasureValues[Name]>("k"), status: "done", value, ...part },
    true,
  );
}

const open = (name: MeasureName) => showMeasure(name);

describe("the measures below the timeline", () => {
  it("are not there before they are opened, and go again", () => {
    const page = draw(<Measures />, ...SHOWN);
    expect(screen.queryByRole("region", { name: "Measures of all steps" })).toBeNull();
    page.dispatch(open("health"));
    expect(page.requests).toEqual([{ kind: "measure-health", datasets: ["a-10", "a-20"] }]);
    click(screen.getByRole("button", { name: "Close the measures" }));
    expect(page.state().layout.measure).toBeNull();
  });

  it("are changed by their tabs, with arrow keys, too", () => {
    const page = draw(<Measures />, ...SHOWN, open("health"));
    click(screen.getByRole("tab", { name: "Histograms" }));
    expect(page.requests.at(-1)).toEqual({ kind: "load-histograms", run: "a", tag: null });
    press(screen.getByRole("tab", { name: "Histograms" }), "ArrowRight");
    expect(page.state().layout.measure).toBe("health");
    press(screen.getByRole("tab", { name: "Health" }), "ArrowLeft");
    expect(page.state().layout.measure).toBe("histograms");
  });
});

describe("the health strip", () => {
  it("says what is alarming and where; a dot goes to its step", () => {
    const page = draw(<Measures />, ...SHOWN, open("health"), known("health", HEALTH));
    const items = screen.getAllByRole("listitem").map((item) => item.textContent);
    expect(items).toEqual(["Dead dimensions3", "Effective rank2.5"]);
    expect(screen.getByRole("img", { name: /^Effective rank: 2.5 at step 10, 5 at step 20$/ }));
    const dot = screen.getByRole("button", {
      name: "step 20: 3 of 8 dimensions are dead: 1, 2, 5.",
    });
    click(dot);
    expect(page.state().view.place?.step).toBe(20);
    expect(shownText()).toContain("2 alarms at 2 steps. Ranks are at least.");
  });

  it("has one tab stop, and arrow keys among its dots", () => {
    draw(<Measures />, ...SHOWN, open("health"), known("health", HEALTH));
    const dots = screen.getAllByRole("button", { name: /^step / });
    expect(dots.map((dot) => dot.tabIndex)).toEqual([0, -1]);
    dots[0]?.focus();
    press(dots[0] as Element, "ArrowRight");
    expect(document.activeElement).toBe(dots[1]);
  });

  it("shows what has come so far, and can be stopped and gone on with", () => {
    const first = { ...HEALTH, steps: HEALTH.steps.slice(0, 1) };
    const working = { status: "working", phase: "neighbors", done: 1, total: 4 } as const;
    const page = draw(<Measures />, ...SHOWN, open("health"), known("health", first, working));
    expect(shownText()).toContain("Health of 2 of 2 steps: neighbors1 / 4");
    expect(screen.getAllByRole("listitem").length).toBe(2);
    click(screen.getByRole("button", { name: "Stop" }));
    expect(page.requests.at(-1)).toEqual({ kind: "stop-measure", what: "health" });
    page.dispatch(known("health", first, { status: "stopped" }));
    const n = page.requests.length;
    click(screen.getByRole("button", { name: "Go on" }));
    expect(page.requests.length).toBe(n + 1);
    page.dispatch(known("health", null, { status: "failed", message: "No memory." }));
    expect(shownText()).toContain("No memory.");
  });

  it("asks again where other steps are shown", () => {
    const page = draw(<Measures />, ...SHOWN, open("health"));
    page.dispatch(goTo({ run: "b", name: "hidden", step: 10 }));
    expect(page.requests.at(-1)).toEqual({ kind: "measure-health", datasets: ["b-10"] });
  });
});

describe("the matrix of similarity", () => {
  const MATRIX = {
    figure: "kept",
    n: 2,
    matrix: new Float32Array([1, 0.25, 0.25, 1]),
    errors: new Float32Array([0, 0.01, 0.01, 0]),
    nShared: new Uint32Array([3, 3, 3, 3]),
    warnings: ["Sampled."],
  } as const;

  it("reads its cells by arrow keys, and opens a pair by Enter", () => {
    const page = draw(<Measures />, ...SHOWN, open("similarity"), known("similarity", MATRIX));
    expect(page.requests).toEqual([
      { kind: "measure-similarity", datasets: ["a-10", "a-20"], figure: "kept" },
    ]);
    const grid = screen.getByRole("grid", { name: "Similarity of steps" });
    expect(grid.getAttribute("aria-colcount")).toBe("2");
    const cell = () => screen.getByRole("gridcell");
    expect(cell().getAttribute("aria-label")).toBe("step 10 and step 20: 0.250 ± 0.01, 3 points");
    cell().focus();
    press(cell(), "Home");
    expect(cell().getAttribute("aria-label")).toBe("step 10: 1.000, 3 points");
    expect(document.activeElement).toBe(cell());
    press(cell(), "ArrowDown");
    expect(screen.getByRole("tooltip").textContent).toBe(
      "step 20 and step 10: 0.250 ± 0.01, 3 points",
    );
    press(cell(), "Enter");
    expect(page.state().views.order.length).toBe(2);
    expect(page.state().view.place?.step).toBe(10);
    expect(shownText()).toContain("Sampled.");
    expect(screen.getByRole("img", { name: "Neighbors kept: colors from 0 to 1" })).not.toBeNull();
  });

  it("compares runs, and with another figure", () => {
    const page = draw(<Measures />, ...SHOWN, open("similarity"));
    click(screen.getByRole("radio", { name: "Runs" }));
    expect(page.requests.at(-1)).toMatchObject({ datasets: ["a-10", "b-10"], figure: "kept" });
    expect(shownText()).toContain("At step 10, the last one that all have.");
    fill(screen.getByRole("combobox", { name: "Similarity figure" }), "cka");
    expect(page.requests.at(-1)).toMatchObject({ datasets: ["a-10", "b-10"], figure: "cka" });
  });
});

describe("the dimensions of all steps", () => {
  const FOUND = {
    nSteps: 2,
    nDims: 3,
    means: new Float32Array([1, 2, 3, 4, 5, 6]),
    deviations: new Float32Array([1, 2, 3, 4, 0, 6]),
    shares: [0, 0.5, 1],
    lengths: new Float32Array([1, 2, 3, 4, 5, 6]),
  };

  it("say which is dead and how they are sorted; a cell goes to its step", () => {
    const page = draw(<Measures />, ...SHOWN, open("dimensions"), known("dimensions", FOUND));
    expect(shownText()).toContain("Dead dimensions (a line through the cell): 1 at step 20.");
    expect(shownText()).toContain("All 3 dimensions. Smallest deviation at the last step first.");
    const cell = screen.getByRole("gridcell");
    expect(cell.getAttribute("aria-label")).toBe(
      "dimension 1, step 20: standard deviation 0, mean 5, dead",
    );
    press(cell, "Enter");
    expect(page.state().view.place?.step).toBe(20);
    fill(screen.getByRole("combobox", { name: "Order of the dimensions" }), "number");
    expect(shownText()).toContain("Sorted by number.");
    click(screen.getByRole("radio", { name: "Mean" }));
    expect(screen.getByRole("img", { name: "Mean: colors from −6 to 6" })).not.toBeNull();
    click(screen.getByRole("checkbox", { name: "Each step on its own scale" }));
    expect(
      screen.getByRole("img", { name: "Mean: colors from −largest to largest of the step" }),
    ).not.toBeNull();
  });

  it("have lengths as bands", () => {
    draw(<Measures />, ...SHOWN, open("dimensions"), known("dimensions", FOUND));
    click(screen.getByRole("radio", { name: "Lengths" }));
    const slider = screen.getByRole("slider", { name: "Lengths of the vectors" });
    expect(slider.getAttribute("aria-valuetext")).toContain("step 10: median 2");
    press(slider, "End");
    expect(slider.getAttribute("aria-valuetext")).toContain("step 20: median 5");
  });
});

describe("histograms of event files", () => {
  const BANDS = {
    title: "w",
    steps: [0, 20],
    shares: [0, 0.5, 1],
    quantiles: [
      [-1, 0, 1],
      [-2, 1, 3],
    ],
  };

  it("are bands of the chosen tag; Enter goes to the step", () => {
    const value = { tags: ["w", "x"], bands: BANDS };
    const page = draw(<Measures />, ...SHOWN, open("histograms"), known("histograms", value));
    const slider = screen.getByRole("slider", { name: "w" });
    press(slider, "ArrowRight");
    expect(slider.getAttribute("aria-valuetext")).toContain("step 20: median 1");
    press(slider, "Enter");
    expect(page.state().view.place?.step).toBe(20);
    fill(screen.getByRole("combobox", { name: "Histogram" }), "x");
    expect(page.requests.at(-1)).toEqual({ kind: "load-histograms", run: "a", tag: "x" });
  });

  it("say so where there are none", () => {
    const none = known("histograms", { tags: [], bands: null });
    draw(<Measures />, ...SHOWN, open("histograms"), none);
    expect(shownText()).toContain("The event files of this run have no histograms.");
  });
});
