// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { Timeline } from "../../../src/panels/steps/timeline";
import { readingAt } from "../../../src/panels/steps/timeline-scale";
import type { Action } from "../../../src/store/store";
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
    const chart = screen.getByRole("slider", { name: "Step on the chart of loss" });
    expect(chart.getAttribute("aria-valuetext")).toBe("step 10: 4");
    press(chart, "ArrowRight");
    expect(state().view.place?.step).toBe(20);
    press(chart, "Home");
    expect(state().view.place?.step).toBe(10);
    press(chart, "End");
    expect(chart.getAttribute("aria-valuetext")).toBe("step 20: 1");
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

  it("keeps its place until it is known whether there are scalars", () => {
    const { dispatch } = draw(<Timeline />, ...SHOWN);
    expect(screen.queryByRole("region", { name: "Scalars" })).not.toBeNull();
    dispatch(scalars());
    expect(screen.queryByRole("region", { name: "Scalars" })).toBeNull();
  });
});

it("a reading has no value before the first one", () => {
  expect(readingAt(loss, 5)).toBe("step 5");
  expect(readingAt(loss, 1500)).toBe("step 1,500: 1");
  expect(readingAt(loss, null)).toBe("");
});
