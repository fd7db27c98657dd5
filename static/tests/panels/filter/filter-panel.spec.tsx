// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { FilterPanel } from "../../../src/panels/filter/filter-panel";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { select } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { dataset } from "../../store/fixtures";
import { click, draw, press, SHOWN, screen, shownText } from "../rendering";

const N = 8;
const [label] = dataset.columns;
if (!label) throw new Error("no column");
const size: Column = {
  ...label,
  index: 1,
  name: "size",
  kind: "numeric",
  n_categories: 0,
  number_bytes: 4,
  is_integer: false,
  minimum: 0,
  maximum: 7,
};
const id: Column = { ...label, index: 2, name: "id", n_categories: 80, kind: "text" };
const WIDE = { ...dataset, n_points: N, columns: [label, size, id] };

const codes = {
  kind: "codes" as const,
  codes: Uint16Array.of(0, 0, 0, 0, 0, 1, 1, 1),
  categories: { names: ["a", "b"], counts: [5, 3], n_categories: 2 },
};
const numbers = { kind: "numbers" as const, values: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };

function opened() {
  return draw(
    <FilterPanel />,
    ...SHOWN,
    datasetLoaded(WIDE, "r2"),
    columnLoaded(dataset.id, 0, { codes }),
    columnLoaded(dataset.id, 1, { numbers }),
  );
}

const chart = (name: string) => within(screen.getByRole("region", { name }));

describe("the charts of the columns", () => {
  it("ask for what they need, and wait for it", () => {
    const { requests } = draw(<FilterPanel />, ...SHOWN, datasetLoaded(WIDE, "r2"));
    expect(requests).toEqual([
      { kind: "load-column", column: 0, what: "codes" },
      { kind: "load-column", column: 1, what: "numbers" },
    ]);
    expect(screen.queryByRole("img")).toBeNull();
  });

  it("leave out columns in which almost every value is unique", () => {
    opened();
    expect(shownText()).toContain("id: almost every value is unique. Use search.");
    expect(screen.queryByRole("region", { name: "id" })).toBeNull();
  });

  it("stand in the order of the columns, identifiers last", () => {
    const row: Column = { ...size, index: 0, name: "row", is_identifier: true };
    const columns = [row, { ...label, index: 1 }, { ...size, index: 2 }];
    draw(<FilterPanel />, ...SHOWN, datasetLoaded({ ...dataset, n_points: N, columns }, "r2"));
    const titles = screen.getAllByRole("heading").map(({ textContent }) => textContent);
    expect(titles).toEqual(["label", "size", "row"]);
  });

  it("have the colors of the points, where these are colored by the column", () => {
    const { derived, dispatch } = opened();
    const colors = () =>
      [...document.querySelectorAll<HTMLElement>(".bar.is-passing")].map(
        ({ style }) => style.backgroundColor,
      );
    const legend = derived.legend.value;
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    const [first] = legend.entries;
    expect(colors()[0]?.replaceAll(",", "")).toBe(`rgb(${first?.color.join(" ")})`);
    dispatch(setSetting("color", null));
    expect(colors()[0]).toBe("");
  });

  it("filter by a click on a bar, and by another one less strictly", () => {
    const { state } = opened();
    const bar = (name: string) =>
      chart("label").getByRole("button", { name: new RegExp(`^${name}`) });
    expect(bar("a").title).toBe("a: 5");
    click(bar("a"));
    expect(bar("a").getAttribute("aria-pressed")).toBe("true");
    expect(bar("b").getAttribute("data-dimmed")).toBe("true");
    expect(shownText()).toContain("5 of 8 points");
    click(bar("b"));
    expect(shownText()).toContain("8 points");
    click(chart("label").getByRole("button", { name: "Clear filter on label" }));
    expect(state().view.filters).toEqual([]);
  });

  it("count what passes all other filters, and what of it is selected", () => {
    const { dispatch } = opened();
    click(chart("label").getByRole("button", { name: /^b/ }));
    dispatch(select(Uint32Array.of(6)));
    expect(chart("label").getByRole("button", { name: /^b/ }).title).toBe("b: 3, 1 selected");
    expect(chart("size").getByRole("img", { name: "Histogram of size" })).toBeDefined();
    const bars = [...document.querySelectorAll(".bar-hit title")].map((each) => each.textContent);
    expect(bars.some((each) => each?.includes("0 of 1"))).toBe(true);
  });

  it("are brushed by keys: from a whole range to a narrower one, and to none", () => {
    const { state } = opened();
    const start = chart("size").getByRole("button", { name: "Filter size by range" });
    // A click by keys has no pointer behind it.
    click(start);
    const low = chart("size").getByRole("slider", { name: "Minimum of size" });
    expect(low.getAttribute("aria-valuenow")).toBe("0");
    press(low, "ArrowRight");
    expect(low.getAttribute("aria-valuenow")).toBe("1");
    press(low, "End");
    expect(low.getAttribute("aria-valuenow")).toBe(low.getAttribute("aria-valuemax"));
    press(chart("size").getByRole("slider", { name: "Maximum of size" }), "Delete");
    expect(state().view.filters).toEqual([]);
  });

  it("keep excluded points as ghosts, or do not", () => {
    const { state } = opened();
    const box = screen.getByRole("checkbox", { name: "Keep filtered points as ghosts" });
    click(box);
    expect(state().view.ghosts).toBe(false);
    expect(screen.getByRole("button", { name: "Clear all" })).toHaveProperty("disabled", true);
  });

  it("say where there is nothing to filter by", () => {
    draw(<FilterPanel />, ...SHOWN, datasetLoaded({ ...dataset, columns: [] }, "r2"));
    expect(shownText()).toContain("This dataset has no metadata to filter by.");
  });
});
