// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { ComputedColumns, WhereField } from "../../../src/panels/filter/formulas";
import { datasetLoaded } from "../../../src/store/actions/data";
import { columnsChanged, whereFailed, whereFound } from "../../../src/store/actions/formula";
import { setSetting } from "../../../src/store/actions/view";
import { whereKey } from "../../../src/store/selectors/formula";
import { shownDataset } from "../../../src/store/selectors/shown";
import { dataset } from "../../store/fixtures";
import { click, draw, fill, leave, SHOWN, screen, shownText, unfold } from "../rendering";

const condition = () => screen.getByRole("textbox", { name: "Condition" });

describe("the condition", () => {
  it("is taken when it is left, and cleared", () => {
    const { state } = draw(<WhereField />, ...SHOWN);
    leave(condition(), ' label == "x" or norm > 2 ');
    expect(state().view.where).toBe('label == "x" or norm > 2');
    click(screen.getByRole("button", { name: "Clear the condition" }));
    expect(state().view.where).toBe("");
  });

  it("keeps what cannot be read, and says why", () => {
    const page = draw(<WhereField />, ...SHOWN, setSetting("where", "label =="));
    page.dispatch((state) => whereFailed(whereKey(state), "A value is missing.")(state));
    expect(condition()).toHaveProperty("value", "label ==");
    expect(condition().getAttribute("aria-invalid")).toBe("true");
    expect(shownText()).toContain("A value is missing.");
  });

  it("filters what does not pass, together with the other filters", () => {
    const page = draw(<WhereField />, ...SHOWN, setSetting("where", "norm > 2"));
    expect(page.derived.filtering.value.nPassing).toBe(3);
    page.dispatch((state) => whereFound(whereKey(state), Uint8Array.of(0, 1, 0))(state));
    expect(page.derived.filtering.value.nPassing).toBe(2);
    // An answer to another condition says nothing of this one.
    page.dispatch(setSetting("where", "norm > 3"));
    expect(page.derived.filtering.value.nPassing).toBe(3);
  });
});

describe("computed columns", () => {
  it("are added by name and formula, and removed", () => {
    const computed = datasetLoaded(
      { ...dataset, computed: { far: "norm * 2" }, content: "2" },
      "2",
    );
    const page = draw(<ComputedColumns />, ...SHOWN, computed);
    unfold();
    const add = screen.getByRole("button", { name: "Add" });
    expect(add).toHaveProperty("disabled", true);
    fill(screen.getByRole("textbox", { name: "Name of the new column" }), "ratio");
    fill(screen.getByRole("textbox", { name: "Formula" }), "a / b");
    click(add);
    expect(page.requests.at(-1)).toEqual({
      kind: "compute-column",
      name: "ratio",
      formula: "a / b",
    });
    expect(shownText()).toContain("far = norm * 2");
    click(screen.getByRole("button", { name: "Remove far" }));
    expect(page.requests.at(-1)).toEqual({ kind: "remove-column", name: "far" });
  });

  it("leave the values of the other columns where they are", () => {
    const page = draw(<ComputedColumns />, ...SHOWN);
    const [label] = dataset.columns;
    const far = { ...label, index: 1, name: "far" } as typeof label;
    const columns = [...dataset.columns, ...(far ? [far] : [])];
    page.dispatch(columnsChanged({ ...dataset, columns, computed: { far: "norm" } }));
    expect(shownDataset(page.state())?.info.columns).toHaveLength(2);
    expect(page.state().work.shown?.projection).toBe("p0");
  });
});
