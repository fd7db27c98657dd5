// @vitest-environment jsdom
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { axisNumbers } from "../../../src/panels/steps/axis-numbers";
import { Timeline } from "../../../src/panels/steps/timeline";
import { readingAt } from "../../../src/panels/steps/timeline-scale";
import { goToRun, goToStep, listingLoaded } from "../../../src/store/actions/place";
import { addView } from "../../../src/store/actions/views";
import { plainKeyOf } from "../../../src/store/selectors/request";
import type { Action } from "../../../src/store/store";
import { listing } from "../../store/fixtures";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

const loss = { tag: "loss", steps: [10, 15, 20], values: [4, 2, 1] };
const change = { tag: "change", steps: [10, 20], values: [-1, 1] };

function scalars(...series: readonly (typeof loss)[]): Action {
  return (state) => ({
    ...state,
    scalars: { ...state.scalars, runs: { a: { series, warnings: [] } } },
  });
}

describe("the strip below the plot", () => {
  it("reads a scalar at the step that is shown, and leads to others by keys", () => {
    const { state } = draw(<Timeline />, ...SHOWN, scalars(loss, change));
    expect(shownText()).toContain("4 at step 10");
    const chart = screen.getByRole("slider", { name: "Step" });
    expect(chart.getAttribute("aria-valuetext")).toBe("step 10: 4, not computed yet");
    press(chart, "ArrowRight");
    expect(state().view.place?.step).toBe(20);
    press(chart, "Home");
    expect(state().view.place?.step).toBe(10);
    press(chart, "End");
    expect(chart.getAttribute("aria-valuetext")).toBe("step 20: 1, not computed yet");
  });

  it("shows the scalar that is chosen, on a logarithmic scale where that is possible", () => {
    const { state } = draw(<Timeline />, ...SHOWN, scalars(loss, change));
    const log = screen.getByRole("button", { name: "Log scale" });
    click(log);
    expect(log.getAttribute("aria-pressed")).toBe("true");
    fill(screen.getByRole("combobox", { name: "Scalar" }), "change");
    expect(state().scalars.tag).toBe("change");
    expect(log).toHaveProperty("disabled", true);
  });

  it("is folded away and opened again", () => {
    draw(<Timeline />, ...SHOWN, scalars(loss));
    click(screen.getByRole("button", { name: "Hide scalars" }));
    expect(screen.queryByRole("region", { name: "Scalars" })).toBeNull();
    click(screen.getByRole("button", { name: "Scalars" }));
    expect(screen.queryByRole("region", { name: "Scalars" })).not.toBeNull();
  });

  it("has its height from the start, where the listing knows of scalars", () => {
    const entries = listing.entries.map((each) => ({ ...each, has_scalars: true }));
    draw(<Timeline />, ...SHOWN, listingLoaded({ ...listing, entries, version: "2" }));
    expect(screen.queryByRole("region", { name: "Scalars" })).not.toBeNull();
    expect(screen.getByRole("slider", { name: "Step" })).toBeDefined();
  });
});

describe("steps without scalars", () => {
  it("are one axis with numbers, and say of which the projection is there", () => {
    const answers: Action = (state) => ({
      ...state,
      work: {
        ...state.work,
        answers: { [plainKeyOf(state, state.view.request, "a-10")]: "p0" },
      },
    });
    const { state } = draw(<Timeline />, ...SHOWN, scalars(), answers);
    const steps = screen.getByRole("region", { name: "Steps" });
    const slider = screen.getByRole("slider", { name: "Step" });
    expect(slider.getAttribute("aria-valuetext")).toBe("step 10");
    expect(steps.querySelectorAll(".is-ready")).toHaveLength(1);
    expect(steps.querySelectorAll(".is-not-yet")).toHaveLength(1);
    press(slider, "End");
    expect(state().view.place?.step).toBe(20);
    expect(slider.getAttribute("aria-valuetext")).toBe("step 20, not computed yet");
  });

  it("are nothing where there is one step", () => {
    draw(<Timeline />, ...SHOWN, scalars(), goToRun("b"));
    expect(screen.queryByRole("slider")).toBeNull();
  });
});

describe("the numbers of an axis", () => {
  const xOf = (step: number) => step / 10;

  it("are those of the shown step, the ends, and what has room", () => {
    const steps = [0, 20, 50, 100, 200, 500, 1000, 2000];
    const shown = axisNumbers(steps, 200, xOf, 200).map(({ step }) => step);
    expect(shown).toContain(200);
    expect(shown).toContain(2000);
    expect(shown.length).toBeLessThan(steps.length);
    expect(axisNumbers(steps, 200, (step) => step, 2000).length).toBeGreaterThan(shown.length);
  });

  it("never overlap and stay inside", () => {
    const steps = Array.from({ length: 300 }, (_, at) => at * 7);
    const numbers = axisNumbers(steps, 700, xOf, 210);
    numbers.forEach(({ x, text }, at) => {
      const half = text.length * 3.1;
      expect(x - half).toBeGreaterThanOrEqual(-0.1);
      expect(x + half).toBeLessThanOrEqual(210.1);
      const next = numbers[at + 1];
      if (next) expect(next.x - x).toBeGreaterThan(half + next.text.length * 3.1);
    });
  });
});

it("a reading has no value before the first one", () => {
  expect(readingAt(loss, 5)).toBe("step 5");
  expect(readingAt(loss, 1500)).toBe("step 1,500: 1");
  expect(readingAt(loss, null)).toBe("");
});

describe("several views", () => {
  const both: Action = (state) => ({
    ...state,
    scalars: {
      ...state.scalars,
      runs: {
        a: { series: [loss], warnings: [] },
        b: { series: [{ ...loss, values: [40, 20, 10] }], warnings: [] },
      },
    },
  });

  it("have one curve a run on one scale, and a letter at each step", () => {
    const page = draw(<Timeline />, ...SHOWN, both);
    const curves = () =>
      [...document.querySelectorAll(".timeline-curve")].map((each) => each.getAttribute("d"));
    expect(curves()).toHaveLength(1);
    const alone = curves()[0];
    void act(() => page.store.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } })));
    expect(curves()).toHaveLength(2);
    expect(curves()).not.toContain(alone);
    const letters = () =>
      [...document.querySelectorAll(".timeline-cursor text")].map((each) => each.textContent);
    expect(letters()).toEqual(["AB"]);
    page.dispatch(goToStep(20));
    expect(letters()).toEqual(["A", "B"]);
    const slider = screen.getByRole("slider", { name: "Step" });
    expect(slider.getAttribute("aria-valuetext")).toContain("step 20: A 1 · B 10");
  });
});
