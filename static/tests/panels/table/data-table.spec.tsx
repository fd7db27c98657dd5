// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import { DataTable } from "../../../src/panels/table/data-table";
import { datasetLoaded, idsLoaded, spriteChanged } from "../../../src/store/actions/data";
import { togglePanel } from "../../../src/store/actions/layout";
import { searchFound, select } from "../../../src/store/actions/selection";
import { selection } from "../../../src/store/selectors/shown";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

const OPEN = togglePanel("table", true);
const grid = () => screen.getByRole("grid", { name: "Metadata of the points" });
const rows = () =>
  within(grid())
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("gridcell")[0]?.textContent);

describe("the table", () => {
  it("has all shown points, or those that are selected", () => {
    const { dispatch, requests } = draw(<DataTable />, ...SHOWN);
    expect(shownText()).toBe("");
    dispatch(OPEN);
    expect(rows()).toEqual(["0", "1", "2"]);
    expect(shownText()).toContain("Shown points 3");
    expect(requests.at(-1)).toEqual({ kind: "load-texts", rows: [0, 1, 2], columns: [0] });
    dispatch(select(Uint32Array.of(0, 2)));
    expect(rows()).toEqual(["0", "2"]);
    expect(shownText()).toContain("2 selected points");
    expect(grid().getAttribute("aria-rowcount")).toBe("3");
  });

  it("is sorted by a click: ascending, descending, and as it was", () => {
    draw(<DataTable />, ...SHOWN, OPEN);
    const head = within(grid()).getByRole("columnheader", { name: "row" });
    expect(head.getAttribute("aria-sort")).toBe("ascending");
    click(within(head).getByRole("button", { name: "row" }));
    expect(head.getAttribute("aria-sort")).toBe("descending");
    expect(rows()).toEqual(["2", "1", "0"]);
    click(within(head).getByRole("button", { name: "row" }));
    expect(rows()).toEqual(["0", "1", "2"]);
  });

  it("is read by keys: to a point by Space, to it alone by Enter", () => {
    const page = draw(<DataTable />, ...SHOWN, OPEN);
    press(grid(), "ArrowDown");
    expect(page.state().attention.hover).toBe(1);
    press(grid(), " ");
    expect(page.requests.at(-1)).toEqual({ kind: "fly", indices: [1] });
    press(grid(), "End");
    press(grid(), "ArrowDown");
    press(grid(), "Enter");
    expect([...selection(page.state())]).toEqual([2]);
  });

  it("leaves the keys of its head's buttons alone", () => {
    const page = draw(<DataTable />, ...SHOWN, OPEN);
    const button = within(grid()).getByRole("button", { name: "label" });
    const before = page.state();
    press(button, "Enter");
    expect(page.state()).toBe(before);
  });

  it("asks for texts once, and not again while nothing has changed", () => {
    const page = draw(<DataTable />, ...SHOWN, OPEN);
    const asked = () => page.requests.filter(({ kind }) => kind === "load-texts").length;
    const n = asked();
    page.dispatch((state) => ({ ...state }));
    expect(asked()).toBe(n);
  });

  it("is closed", () => {
    const { state } = draw(<DataTable />, ...SHOWN, OPEN);
    click(screen.getByRole("button", { name: "Close table" }));
    expect(state().layout.open.table).toBe(false);
  });
});

describe("the table of a search", () => {
  it("has the rows that were found, and its own field for it", () => {
    const page = draw(<DataTable />, ...SHOWN, OPEN);
    fill(screen.getByRole("searchbox", { name: "Search the table" }), "x");
    expect(page.state().attention.search.text).toBe("x");
    page.dispatch(searchFound(Uint32Array.of(0, 2)));
    expect(rows()).toEqual(["0", "2"]);
    fill(screen.getByRole("searchbox", { name: "Search the table" }), "");
    expect(rows()).toEqual(["0", "1", "2"]);
  });

  it("shows the image of each point, and the row that it has in the whole", () => {
    const sprite = { tile: [8, 8], columns: 2, n_points: 3, width: 16, height: 16 } as const;
    const image = {} as ImageBitmap;
    const sheet = { image, tileWidth: 8, tileHeight: 8, columns: 2, nTiles: 3 };
    draw(
      <DataTable />,
      ...SHOWN,
      datasetLoaded({ ...dataset, sprite, content: "2" }, "r2"),
      spriteChanged(dataset.id, { status: "ready", value: sheet }),
      idsLoaded(dataset.id, Uint32Array.of(4, 7, 9)),
      OPEN,
    );
    expect(rows()).toEqual(["4", "7", "9"]);
    expect(grid().querySelectorAll("canvas.thumbnail")).toHaveLength(3);
  });
});
