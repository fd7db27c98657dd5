// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import type { Nearness, NearnessWork } from "../../../src/model/projection/nearness";
import { ChecksPanel } from "../../../src/panels/inspector/checks-panel";
import { askNearness, nearnessFailed, nearnessHeard } from "../../../src/store/actions/checks";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { setSetting } from "../../../src/store/actions/view";
import { selection } from "../../../src/store/selectors/shown";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

const text = dataset.columns[0] as Column;
const named = (index: number, name: string): Column => ({
  ...text,
  index,
  name,
  kind: "categorical",
  n_categories: 2,
});
const columns = [named(0, "label"), named(1, "predicted"), named(2, "source")];
const crossed = datasetLoaded({ ...dataset, columns, content: "2" }, "r2");
const codes = (column: number, ...values: number[]) =>
  columnLoaded(dataset.id, column, {
    codes: {
      kind: "codes",
      codes: Uint16Array.from(values),
      categories: { names: ["x", "y"], counts: [2, 1], n_categories: 2 },
    },
  });

const FOUND: Nearness = {
  k: 2,
  metric: "cosine",
  n_points: 3,
  n_identical: 2,
  median: 2,
  outliers: [
    [2, 8],
    [0, 2],
  ],
  pairs: [[0, 1, 0]],
  recall: 1,
  warnings: [],
};
const work = (part: Partial<NearnessWork>): NearnessWork => ({
  id: "n1",
  state: "running",
  phase: "neighbors",
  done: 0,
  total: 1,
  error: null,
  result: null,
  ...part,
});

describe("the cross table", () => {
  it("crosses label and prediction at first, and a cell selects its points", () => {
    const page = draw(<ChecksPanel />, ...SHOWN, crossed, codes(0, 0, 0, 1), codes(1, 0, 1, 1));
    const table = within(screen.getByRole("table", { name: "label by predicted" }));
    expect(shownText()).toContain("The same in 66.7 % of 3 points");
    const cell = table.getByRole("button", { name: "Select 1 points: label x, predicted y" });
    click(cell);
    expect([...selection(page.state())]).toEqual([1]);
    expect(table.getByRole("button", { name: /^Select 0 points/ })).toHaveProperty(
      "disabled",
      true,
    );
  });

  it("is walked through by arrow keys as one tab stop", () => {
    draw(<ChecksPanel />, ...SHOWN, crossed, codes(0, 0, 0, 1), codes(1, 0, 1, 1));
    const buttons = within(screen.getByRole("table")).getAllByRole("button");
    expect(buttons.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    buttons[0]?.focus();
    press(buttons[0] as Element, "ArrowRight");
    expect(document.activeElement).toBe(buttons[1]);
    press(buttons[1] as Element, "ArrowDown");
    expect(document.activeElement).toBe(buttons[3]);
  });

  it("asks for the columns that were chosen", () => {
    const page = draw(<ChecksPanel />, ...SHOWN, crossed);
    fill(screen.getByRole("combobox", { name: "Columns" }), "2");
    expect(page.requests.at(-1)).toEqual({ kind: "load-column", column: 2, what: "codes" });
  });

  it("says what it needs where there is nothing to cross", () => {
    draw(<ChecksPanel />, ...SHOWN);
    expect(shownText()).toContain("Two columns of categories are needed");
  });
});

describe("duplicates and outliers", () => {
  it("are measured on request, and stopped", () => {
    const page = draw(<ChecksPanel />, ...SHOWN);
    click(screen.getByRole("button", { name: "Measure" }));
    expect(
      screen.getByRole("region", { name: "Duplicates and outliers", busy: true }),
    ).toBeDefined();
    page.dispatch(nearnessHeard(work({})));
    click(screen.getByRole("button", { name: "Stop" }));
    expect(page.requests).toContainEqual({ kind: "stop-nearness" });
  });

  it("are lists whose points can be selected together", () => {
    const page = draw(
      <ChecksPanel />,
      ...SHOWN,
      askNearness(),
      nearnessHeard(work({ state: "done", result: FOUND })),
    );
    expect(screen.getByRole("listbox", { name: "Outliers" })).toBeDefined();
    expect(shownText()).toContain("2 points with the very vector of another");
    click(screen.getByRole("button", { name: "Select the Closest pairs" }));
    expect([...selection(page.state())]).toEqual([0, 1]);
    click(screen.getByRole("button", { name: "Select the Outliers" }));
    expect([...selection(page.state())]).toEqual([0, 2]);
  });

  it("of another metric are measured anew", () => {
    draw(
      <ChecksPanel />,
      ...SHOWN,
      askNearness(),
      nearnessHeard(work({ state: "done", result: FOUND })),
      setSetting("metric", "euclidean"),
    );
    expect(screen.getByRole("button", { name: "Measure" })).toBeDefined();
    expect(screen.queryByRole("listbox", { name: "Outliers" })).toBeNull();
  });

  it("say why they cannot be measured", () => {
    draw(<ChecksPanel />, ...SHOWN, askNearness(), nearnessFailed("Not enough memory."));
    expect(shownText()).toContain("Not enough memory.");
    expect(screen.getByRole("button", { name: "Measure" })).toHaveProperty("disabled", false);
  });
});
