// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { ColumnFilter } from "../../../src/model/view/filter";
import { FilterChips } from "../../../src/panels/filter/filter-chips";
import { addIsolationStep, setFilter } from "../../../src/store/actions/filter";
import { click, draw, SHOWN, screen, shownText } from "../rendering";

const LABEL = { name: "label", index: 0 };
const LOSS = { name: "loss", index: 1 };
const values: ColumnFilter = {
  kind: "values",
  column: LABEL,
  names: ["a", ""],
  other: true,
  missing: true,
};
const range: ColumnFilter = { kind: "range", column: LOSS, range: [0.2, 0.6], missing: false };

describe("the chips over the plot", () => {
  it("are not there while everything is shown", () => {
    draw(<FilterChips />, ...SHOWN);
    expect(shownText()).toBe("");
  });

  it("say what each filter lets pass, and remove it", () => {
    const { state } = draw(
      <FilterChips />,
      ...SHOWN,
      setFilter(LABEL, values),
      setFilter(LOSS, range),
    );
    const chips = within(screen.getByRole("group", { name: "Shown points" }));
    expect(chips.getByTitle("label: a, (empty), other, missing")).toBeDefined();
    expect(chips.getByTitle("loss: 0.2 – 0.6")).toBeDefined();
    click(chips.getByRole("button", { name: "Remove filter on label" }));
    expect(state().view.filters).toEqual([range]);
    expect(chips.queryByRole("button", { name: "Clear filters" })).toBeNull();
  });

  it("lead to the charts, and are cleared at once", () => {
    const { state } = draw(
      <FilterChips />,
      ...SHOWN,
      setFilter(LABEL, values),
      setFilter(LOSS, range),
    );
    click(screen.getByTitle("loss: 0.2 – 0.6"));
    expect(state().page.inspector).toBe("filter");
    click(screen.getByRole("button", { name: "Clear filters" }));
    expect(state().view.filters).toEqual([]);
    expect(shownText()).toBe("");
  });

  it("lead back through what was isolated and hidden", () => {
    draw(
      <FilterChips />,
      ...SHOWN,
      addIsolationStep("isolate", Uint32Array.of(0, 1)),
      addIsolationStep("hide", Uint32Array.of(1)),
    );
    const trail = within(screen.getByRole("navigation", { name: "Isolated and hidden" }));
    expect(trail.getByRole("button", { current: "step" }).textContent).toBe("Hidden 1");
    expect(shownText()).toContain("1 of 3");
    click(trail.getByRole("button", { name: "Isolated 2" }));
    expect(shownText()).toContain("2 of 3");
    click(trail.getByRole("button", { name: "Show all" }));
    expect(shownText()).toBe("");
  });
});
