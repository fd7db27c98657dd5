// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import { emptyTable, withTag } from "../../../src/model/data/tags";
import { TagPanel } from "../../../src/panels/tags/tag-panel";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { select } from "../../../src/store/actions/selection";
import { chooseTagColumn, openTagging, tagRows, tagsTaken } from "../../../src/store/actions/tags";
import { shownTags, tagsKey } from "../../../src/store/selectors/tags";
import type { KeptTags } from "../../../src/store/state/tags";
import type { Action } from "../../../src/store/store";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, OPENED, press, screen, shownText } from "../rendering";

const KEY = tagsKey(dataset);
const EMPTY = emptyTable("hidden", 3);
const ROWS = select(Uint32Array.of(0, 2));
const PLACE = { dataset: dataset.id, revision: null, file: "a/hidden.tsv", isBeside: true };

function kept(part: Partial<KeptTags> = {}): Action {
  return tagsTaken(KEY, { ...PLACE, table: EMPTY, status: "clean", message: "", ...part });
}

/** The form is fetched when it is first opened. */
async function opened(...actions: Action[]) {
  const page = draw(<TagPanel />, ...OPENED, kept(), openTagging(true), ...actions);
  await screen.findByRole("button", { name: /^Tag \d/ });
  const cells = (column: string) => {
    const found = shownTags(page.state())?.columns.find(({ name }) => name === column);
    return found && [...found.codes].map((code) => found.texts[code - 1] ?? "");
  };
  return { ...page, cells };
}

const field = (name: string) => screen.getByRole("textbox", { name });
const button = (name: string) => screen.getByRole("button", { name });

describe("the form for tags", () => {
  it("makes a column and writes a value at the selected points", async () => {
    const { cells, state } = await opened(ROWS);
    expect(field("Name")).toHaveProperty("value", "tag");
    fill(field("Name"), "kind");
    fill(field("Value"), " odd ");
    press(field("Value"), "Enter");
    expect(cells("kind")).toEqual(["odd", "", "odd"]);
    expect(state().page.announcement).toBe("Tagged 2 points: kind is odd");
    // The next value goes into the same column.
    expect(screen.getByRole("combobox", { name: "Column" })).toHaveProperty("value", "=kind");
    expect(field("Value")).toHaveProperty("value", "");
  });

  it("does nothing without points, and says so", async () => {
    const { cells } = await opened();
    expect(field("Value").getAttribute("placeholder")).toBe("Select points first");
    fill(field("Value"), "odd");
    expect(button("Tag 0 points")).toHaveProperty("disabled", true);
    press(field("Value"), "Enter");
    expect(cells("tag")).toBeUndefined();
  });

  it("takes no name that there is already, and no text that a cell cannot hold", async () => {
    const { cells } = await opened(ROWS);
    fill(field("Name"), "label");
    fill(field("Value"), "odd");
    expect(shownText()).toContain("A column with this name already exists.");
    expect(button("Tag 2 points")).toHaveProperty("disabled", true);
    fill(field("Name"), "kind");
    expect(button("Tag 2 points")).toHaveProperty("disabled", false);
    fill(field("Value"), "a\u0007b");
    expect(shownText()).toContain("Tabs, line breaks and control characters are not allowed.");
    press(field("Value"), "Enter");
    expect(cells("kind")).toBeUndefined();
  });

  it("clears tags, and repeats a value by a click on it", async () => {
    const { cells, state } = await opened(
      ROWS,
      tagRows("kind", Uint32Array.of(1), "even"),
      tagRows("kind", Uint32Array.of(0, 2), "odd"),
      chooseTagColumn("kind"),
    );
    click(button("Clear"));
    expect(cells("kind")).toEqual(["", "even", ""]);
    expect(state().page.announcement).toBe("Removed the tags of 2 points in kind");
    const values = within(screen.getByRole("listbox", { name: "Values of kind" }));
    click(values.getByRole("option", { name: /^even/ }));
    expect(cells("kind")).toEqual(["even", "even", "even"]);
  });

  it("renames and deletes a column of tags", async () => {
    const { cells } = await opened(
      ROWS,
      tagRows("kind", Uint32Array.of(1), "x"),
      chooseTagColumn("kind"),
    );
    click(button("Rename column kind"));
    fill(field("New name"), "label");
    press(field("New name"), "Enter");
    expect(cells("kind")).toBeDefined();
    fill(field("New name"), "sort");
    press(field("New name"), "Enter");
    expect(cells("sort")).toEqual(["", "x", ""]);
    click(button("Delete column sort"));
    expect(cells("sort")).toBeUndefined();
  });

  it("edits a column of the data, whose values it asks for", async () => {
    const { requests, dispatch, cells } = await opened(ROWS);
    fill(screen.getByRole("combobox", { name: "Column" }), "=label");
    expect(requests).toEqual([{ kind: "load-column", column: 0, what: "values" }]);
    expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
    fill(field("Value"), "b");
    press(field("Value"), "Enter");
    expect(cells("label")).toEqual(["b", "", "b"]);
    click(button("Restore original values"));
    expect(cells("label")).toBeUndefined();
    const values = { names: ["a", "b"], counts: [2, 1], n_categories: 2 };
    dispatch(columnLoaded(dataset.id, 0, { values }));
    expect(screen.getByRole("listbox", { name: "Values of label" })).toBeDefined();
  });

  it("warns that a text among numbers makes them all categories", async () => {
    const [column] = dataset.columns;
    if (!column) throw new Error("no column");
    const numeric = {
      ...dataset,
      columns: [{ ...column, name: "size", kind: "numeric" as const }],
    };
    await opened(ROWS, datasetLoaded(numeric, "r2"), chooseTagColumn("size"));
    fill(field("Value"), "3.5");
    expect(shownText()).not.toContain("size is numeric.");
    fill(field("Value"), "large");
    expect(shownText()).toContain("size is numeric. With a value that is not a number");
  });

  it("closes by Escape", async () => {
    const { state } = await opened(ROWS);
    press(field("Value"), "Escape");
    expect(state().tags.isOpen).toBe(false);
    expect(shownText()).toBe("");
  });
});

describe("saving tags", () => {
  const status = (part: Partial<KeptTags>) => {
    const page = draw(<TagPanel />, ...OPENED, kept(part), openTagging(true));
    return { ...page, text: screen.getByRole("status", { name: "Saving tags" }).textContent };
  };

  it("says where they are", async () => {
    expect(status({}).text).toBe("Tags will be saved next to the data, in hidden.tsv");
  });

  it("says that they are saved", async () => {
    expect(status({ revision: "r" }).text).toBe("Saved in hidden.tsv");
  });

  it("keeps those of data without a folder until the server stops", async () => {
    const { text } = status({ isBeside: false, file: null });
    expect(text).toContain("until the server stops, because it has no folder of its own");
  });

  it("offers a file to those in the server's memory", async () => {
    const { text, requests } = status({ file: null, revision: "r" });
    expect(text).toContain("Kept in the server's memory until it stops.");
    click(button("Save next to the data"));
    expect(requests).toEqual([{ kind: "save-tags", isForSession: false }]);
  });

  it("offers every way out where it failed, the form open or not", async () => {
    const failed = kept({ status: "failed", message: "The disk is full." });
    const { requests } = draw(<TagPanel />, ...OPENED, failed);
    expect(shownText()).toContain("Not saved: The disk is full.");
    click(button("Retry"));
    click(button("Keep until the server stops"));
    click(button("Download"));
    expect(requests.map(({ kind }) => kind)).toEqual(["save-tags", "save-tags", "download-tags"]);
  });

  it("lets a person settle what two have changed", async () => {
    const { text, requests } = status({ status: "conflict", message: "It was changed." });
    expect(text).toContain("Merge keeps both; where both changed the same cell, yours wins.");
    click(button("Merge"));
    click(button("Take theirs"));
    expect(requests).toEqual([
      { kind: "settle-tags", how: "merge" },
      { kind: "settle-tags", how: "theirs" },
    ]);
  });

  it("goes on while there is something that is not saved", async () => {
    const { dispatch } = status({ revision: "r" });
    dispatch((state) => ({
      ...state,
      tags: { ...state.tags, tables: { [KEY]: withTag(EMPTY, "kind", [1], "x") } },
    }));
    expect(shownText()).toContain("Saving…");
  });
});
