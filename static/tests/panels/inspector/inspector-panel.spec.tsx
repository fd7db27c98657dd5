// @vitest-environment jsdom
import { fireEvent, within } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { BookmarksPanel } from "../../../src/panels/inspector/bookmarks-panel";
import { InspectorPanel } from "../../../src/panels/inspector/inspector-panel";
import { datasetLoaded } from "../../../src/store/actions/data";
import { openInspector } from "../../../src/store/actions/page";
import {
  clearSelection,
  mediaExplained,
  nameSelection,
  neighborsFound,
  searchFound,
  select,
  setSearchText,
  valuesLoaded,
} from "../../../src/store/actions/selection";
import { selection } from "../../../src/store/selectors/shown";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, leave, press, SHOWN, screen, shownText } from "../rendering";

const button = (name: string) => screen.getByRole("button", { name });
const points = (...rows: number[]) => select(Uint32Array.from(rows));

describe("the inspector", () => {
  it("says what can be done while nothing is selected", () => {
    draw(<InspectorPanel />, ...SHOWN);
    expect(shownText()).toContain("Click a point to see its metadata");
    for (const name of ["Previous selection", "Zoom to selection", "Clear selection"]) {
      expect(button(name)).toHaveProperty("disabled", true);
    }
    expect(screen.queryByRole("toolbar", { name: "Selected points" })).toBeNull();
  });

  it("walks back and forward through selections, and zooms to one", () => {
    const page = draw(<InspectorPanel />, ...SHOWN, points(0, 1), points(2));
    const rows = () => [...selection(page.state())];
    expect(screen.getByRole("heading", { name: "Selected point" })).toBeDefined();
    click(button("Previous selection"));
    expect(rows()).toEqual([0, 1]);
    expect(screen.getByRole("heading", { name: "2 points selected" })).toBeDefined();
    click(button("Next selection"));
    expect(rows()).toEqual([2]);
    click(button("Zoom to selection"));
    expect(page.requests.at(-1)).toMatchObject({ kind: "fly" });
    click(button("Clear selection"));
    expect(rows()).toEqual([]);
  });

  it("isolates, hides, inverts, saves and tags what is selected", () => {
    const { state, requests } = draw(<InspectorPanel />, ...SHOWN, points(0, 1));
    click(button("Isolate"));
    click(button("Save"));
    click(button("Invert"));
    click(button("Tag"));
    expect(requests.map(({ kind }) => kind)).toEqual(["invert-selection", "open-tags"]);
    expect(state().attention.named).toHaveLength(1);
    click(button("Hide"));
    expect([...selection(state())]).toEqual([]);
  });

  it("has tabs with counts that arrow keys move through", () => {
    const { state } = draw(<InspectorPanel />, ...SHOWN, points(0, 1));
    expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Inspect2");
    const tabs = screen.getByRole("tablist", { name: "Inspector" });
    press(tabs, "ArrowRight");
    expect(state().page.inspector).toBe("filter");
    press(tabs, "ArrowLeft");
    press(tabs, "ArrowLeft");
    expect(state().page.inspector).toBe("bookmarks");
    expect(document.activeElement?.textContent).toBe("Bookmarks");
  });

  it("shows a point with its metadata, and its neighbors", async () => {
    draw(
      <InspectorPanel />,
      ...SHOWN,
      points(1),
      valuesLoaded(dataset.id, { index: 1, values: ["seven"] }),
      neighborsFound({
        index: 1,
        metric: "cosine",
        k: 2,
        indices: [2, 0],
        distances: [0.1, 0.4],
        exact: false,
      }),
    );
    const table = await screen.findByRole("table", { name: "Metadata" });
    expect(within(table).getByRole("row", { name: "label seven" })).toBeDefined();
    expect(screen.getByRole("listbox", { name: "Neighbors" })).toBeDefined();
    expect(shownText()).toContain("approximate");
  });

  it("explains an image that cannot be shown, until the point is left", async () => {
    const [column] = dataset.columns;
    if (!column) throw new Error("no column");
    const withMedia = { ...dataset, columns: [{ ...column, media: "image" as const }] };
    const { requests, dispatch, state } = draw(
      <InspectorPanel />,
      ...SHOWN,
      datasetLoaded(withMedia, "r2"),
      points(1),
      valuesLoaded(dataset.id, { index: 1, values: ["1.png"] }),
    );
    const image = await screen.findByRole("img", { name: "label of #1" });
    const url = `api/v1/datasets/${dataset.id}/points/1/media/0?revision=r2`;
    expect(image.getAttribute("src")).toBe(url);
    void act(() => {
      fireEvent.error(image);
    });
    const asked = requests.find((each) => each.kind === "explain-media");
    if (!asked) throw new Error("Nothing was asked.");
    expect(asked.place).toEqual({ dataset: "a-10", index: 1, column: 0 });
    dispatch(mediaExplained(asked.key, "'1.png' is not there."));
    expect(shownText()).toContain("'1.png' is not there.");
    expect(screen.queryByRole("img", { name: "label of #1" })).toBeNull();
    dispatch(clearSelection());
    expect(state().attention.mediaProblems).toEqual({});
  });

  it("offers what is nearest to the centroid of several points", async () => {
    const { state } = draw(<InspectorPanel />, ...SHOWN, points(0, 1));
    click(await screen.findByRole("button", { name: "Nearest to the centroid of the selection" }));
    expect([...state().query.centroidOf]).toEqual([0, 1]);
    expect(
      screen.getByRole("region", { name: "Nearest to the centroid of 2 points" }),
    ).toBeDefined();
    click(button("Close these results"));
    expect(button("Nearest to the centroid of the selection")).toBeDefined();
  });
});

describe("saved selections", () => {
  it("are selected, combined, renamed and deleted", async () => {
    const page = draw(<InspectorPanel />, ...SHOWN, points(0, 1), nameSelection(), points(1, 2));
    const rows = () => [...selection(page.state())];
    leave(await screen.findByRole("textbox", { name: "Name of Selection 1" }), "first");
    click(button("Intersect the selection with first"));
    expect(rows()).toEqual([1]);
    click(button("Add first to the selection"));
    expect(rows()).toEqual([0, 1]);
    page.dispatch(points(1, 2));
    click(button("Subtract first from the selection"));
    expect(rows()).toEqual([2]);
    click(button("Select first, 2 points"));
    expect(rows()).toEqual([0, 1]);
    click(button("Delete first"));
    expect(screen.queryByRole("region", { name: "Saved selections" })).toBeNull();
  });
});

describe("the search", () => {
  it("counts its matches and selects them all", () => {
    const { state } = draw(<InspectorPanel />, ...SHOWN);
    fill(screen.getByRole("textbox", { name: "Search points" }), "a");
    expect(state().attention.search.text).toBe("a");
    expect(screen.queryByRole("button", { name: "Select all" })).toBeNull();
  });

  it("shows what was found", async () => {
    const { state } = draw(
      <InspectorPanel />,
      ...SHOWN,
      setSearchText("a"),
      searchFound(Uint32Array.of(0, 2)),
    );
    const all = await screen.findByRole("button", { name: "Select all" });
    expect(shownText()).toContain("2 matches");
    click(all);
    expect([...selection(state())]).toEqual([0, 2]);
    click(button("Clear search"));
    expect(state().attention.search.text).toBe("");
  });

  it("that starts with = explains itself", async () => {
    draw(<InspectorPanel />, ...SHOWN, setSearchText("="));
    await screen.findByText(/Labels with \+ and −, separated by spaces:/);
  });

  it("is impossible without metadata", () => {
    draw(<InspectorPanel />, ...SHOWN, datasetLoaded({ ...dataset, columns: [] }, "r2"));
    const field = screen.getByRole("textbox", { name: "Search points" });
    expect(field).toHaveProperty("disabled", true);
    expect(field.getAttribute("placeholder")).toBe("No metadata to search");
  });
});

describe("bookmarks", () => {
  it("are added, renamed, shown and deleted", () => {
    const { state, requests } = draw(<BookmarksPanel />, ...SHOWN, openInspector("bookmarks"));
    expect(shownText()).toContain("A bookmark saves the run, step, projection");
    expect(button("Save file")).toHaveProperty("disabled", true);
    click(button("Bookmark this view"));
    leave(screen.getByRole("textbox", { name: "Name of View 1" }), "good");
    expect(state().bookmarks.map(({ name }) => name)).toEqual(["good"]);
    click(button("Show good"));
    click(button("Copy link"));
    click(button("Save file"));
    expect(requests.map(({ kind }) => kind)).toEqual([
      "show-bookmark",
      "copy-link",
      "save-bookmarks",
    ]);
    click(button("Delete good"));
    expect(state().bookmarks).toEqual([]);
  });
});

describe("what a search found", () => {
  it("says in which column, unless it is the name", async () => {
    const [label] = dataset.columns;
    const other = { ...label, index: 1, name: "review" } as typeof label;
    const columns = [...dataset.columns, ...(other ? [other] : [])];
    draw(
      <InspectorPanel />,
      ...SHOWN,
      datasetLoaded({ ...dataset, columns, content: "2" }, "r2"),
      setSearchText("x"),
      searchFound(Uint32Array.of(0, 2), Uint16Array.of(0, 1)),
    );
    const found = within(await screen.findByRole("listbox", { name: "Search results" }));
    expect(found.queryAllByTitle("Found in review")).toHaveLength(
      found.queryAllByRole("option").length > 1 ? 1 : 0,
    );
  });

  it("is a gallery where points have images", async () => {
    const sprite = { tile: [8, 8], columns: 2, n_points: 3, width: 16, height: 16 } as const;
    draw(
      <InspectorPanel />,
      ...SHOWN,
      datasetLoaded({ ...dataset, sprite, content: "2" }, "r2"),
      setSearchText("x"),
      searchFound(Uint32Array.of(0, 2)),
    );
    click(await screen.findByRole("button", { name: "Images" }));
    const sheet = within(screen.getByRole("group", { name: "Images of the search results" }));
    expect(sheet.getAllByRole("button")).toHaveLength(2);
    expect(screen.queryByRole("listbox", { name: "Search results" })).toBeNull();
  });
});
