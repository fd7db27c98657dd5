// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { Contrast, Difference } from "../../../src/model/data/contrast";
import type { Column } from "../../../src/model/data/dataset";
import { SelectionSummary } from "../../../src/panels/inspector/selection-summary";
import { datasetLoaded } from "../../../src/store/actions/data";
import { nameSelection, select } from "../../../src/store/actions/selection";
import { summaryFailed, summaryFound } from "../../../src/store/actions/summary";
import { selection } from "../../../src/store/selectors/shown";
import { comparedWith } from "../../../src/store/selectors/summary";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

const loss = { ...dataset.columns[0], index: 1, name: "loss", kind: "numeric" } as Column;
const columns = datasetLoaded(
  { ...dataset, columns: [...dataset.columns, loss], content: "2" },
  "r2",
);
const points = (...rows: number[]) => select(Uint32Array.from(rows));

function difference(column: number, part: Partial<Difference>): Difference {
  const nothing = { median: null, median_other: null, probability: null };
  return {
    column,
    kind: "categories",
    strength: 1,
    is_clear: true,
    values: [],
    ...nothing,
    ...part,
  };
}

const FOUND: Contrast = {
  n: 4,
  n_other: 6,
  n_both: 0,
  differences: [
    difference(0, {
      values: [
        { name: "a", n: 3, n_other: 1, lift: 4.5 },
        { name: "", n: 1, n_other: 0, lift: null },
        { name: "b", n: 0, n_other: 5, lift: 0 },
      ],
    }),
    difference(1, { kind: "numbers", median: 0.31, median_other: 1.2, probability: 0.17 }),
  ],
};

describe("the summary of a selection", () => {
  it("says what is frequent in it, and how much more than among the others", () => {
    draw(<SelectionSummary />, ...SHOWN, columns, points(0, 1), summaryFound(FOUND));
    const table = within(screen.getByRole("table", { name: /^label/ }));
    const cells = table.getAllByRole("row").map((row) => row.textContent);
    expect(cells).toEqual(["a75 %17 %×4.5", "(empty)25 %0 %only here", "b0 %83 %not here"]);
    expect(table.getByTitle("a: 3 of 4 points here, 1 of 6 there")).toBeDefined();
  });

  it("compares numbers by medians and pairs", () => {
    draw(<SelectionSummary />, ...SHOWN, columns, points(0, 1), summaryFound(FOUND));
    const table = screen.getByRole("table", { name: /^loss/ });
    expect(table.textContent).toBe("losssmaller in 83 % of pairsmedian0.311.2");
  });

  it("names the columns that do not differ, and none where all points are selected", () => {
    const alike = {
      ...FOUND,
      differences: FOUND.differences.map((each) => ({ ...each, is_clear: false })),
    };
    const page = draw(<SelectionSummary />, ...SHOWN, columns, points(0, 1), summaryFound(alike));
    expect(shownText()).toContain("No column differs clearly: label, loss");
    page.dispatch(summaryFound({ ...FOUND, n_other: 0, differences: [] }));
    expect(shownText()).toContain("All points are selected.");
    page.dispatch(summaryFailed("The server is gone."));
    expect(shownText()).toContain("The server is gone.");
  });

  it("compares with a saved selection, but not with itself", () => {
    const page = draw(<SelectionSummary />, ...SHOWN, points(2), nameSelection("B"), points(0, 1));
    const against = screen.getByRole("combobox", { name: "Compare the selection with" });
    expect(within(against).getAllByRole("option")).toHaveLength(2);
    fill(against, "1");
    expect(comparedWith(page.state())?.name).toBe("B");
    page.dispatch((state) => select(state.attention.named[0]?.rows ?? new Uint32Array(0))(state));
    expect(comparedWith(page.state())).toBeNull();
  });

  it("shows at most 64 images in rows that arrow keys walk along", () => {
    const n_points = 100;
    const sprite = { tile: [8, 8], columns: 10, n_points, width: 80, height: 80 } as const;
    const info = { ...dataset, n_points, sprite, content: "images" };
    const all = select(Uint32Array.from({ length: n_points }, (_, row) => row));
    const page = draw(<SelectionSummary />, ...SHOWN, datasetLoaded(info, "r2"), all);
    const sheet = screen.getByRole("group", { name: "Images of the selection" });
    expect(shownText()).toContain("64 of 100 images, evenly spread");
    const images = within(sheet).getAllByRole("button");
    expect(images).toHaveLength(64);
    expect(images.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    images[0]?.focus();
    press(images[0] ?? sheet, "ArrowDown");
    expect(document.activeElement).toBe(images[8]);
    click(images[8] ?? sheet);
    expect([...selection(page.state())]).toEqual([12]);
  });
});
