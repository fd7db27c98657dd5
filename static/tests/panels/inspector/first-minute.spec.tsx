// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { FirstMinute } from "../../../src/panels/inspector/first-minute";
import { columnLoaded, datasetLoaded, estimatesLoaded } from "../../../src/store/actions/data";
import { methodsLoaded } from "../../../src/store/actions/place";
import { projectionHeard } from "../../../src/store/actions/projection";
import { setSetting } from "../../../src/store/actions/view";
import { selection } from "../../../src/store/selectors/shown";
import { dataset, methods, projection } from "../../store/fixtures";
import { click, draw, SHOWN, screen, shownText } from "../rendering";

const [text] = dataset.columns;
const label = { ...text, kind: "categorical", n_categories: 2, name: "label" } as Column;
const predicted = { ...label, index: 1, name: "predicted" };
const loss = {
  ...label,
  index: 1,
  name: "loss",
  kind: "numeric",
  is_integer: false,
  minimum: 0,
  maximum: 8,
} as Column;

const withColumns = (...columns: Column[]) =>
  datasetLoaded({ ...dataset, n_points: 30, color_column: 0, columns, content: "2" }, "r2");
const CODES = columnLoaded(dataset.id, 0, {
  codes: {
    kind: "codes",
    codes: Uint16Array.of(0, 1, 1),
    categories: { names: ["b", "a"], counts: [16, 2], n_categories: 2 },
  },
});
const variance = (...explained_variance_ratio: number[]) =>
  projectionHeard({
    ...projection({ id: "p0", method: "pca", state: "done", n_kept: 3 }),
    details: { explained_variance_ratio },
  });

describe("the first minute", () => {
  it("says what this is, and why it has these colors", () => {
    const page = draw(<FirstMinute />, ...SHOWN, withColumns(label));
    expect(shownText()).toContain("30 vectors of 8 numbers.");
    expect(shownText()).toContain("Colored by label: its 2 values can be told apart.");
    page.dispatch(setSetting("color", { name: "label", index: 0 }));
    expect(shownText()).toContain("Colored by label, as chosen.");
    page.dispatch(datasetLoaded({ ...dataset, columns: [], content: "3" }, "r3"));
    expect(shownText()).toContain("There is no metadata to color by.");
  });

  it("suggests a method where the components show little, with the time that it took", () => {
    const page = draw(<FirstMinute />, ...SHOWN, methodsLoaded(methods), withColumns(label));
    expect(shownText()).not.toContain("variance");
    page.dispatch(variance(0.07, 0.04));
    expect(shownText()).toContain("These 2 components show 11 % of the variance.");
    expect(shownText()).not.toContain("takes about");
    page.dispatch(
      estimatesLoaded(dataset.id, { umap: { seconds: 20.3, n_points: 25, n_dims: 8 } }),
    );
    expect(shownText()).toContain("takes about 20 s (measured here with 25 points)");
    page.dispatch(estimatesLoaded(dataset.id, { umap: { seconds: 0.3, n_points: 25, n_dims: 8 } }));
    expect(shownText()).toContain("takes under 1 s (measured here with 25 points)");
    click(screen.getByRole("button", { name: /^Try / }));
    expect(page.state().view.method).toBe("umap");
    expect(page.requests.at(-1)).toEqual({ kind: "run" });
  });

  it("suggests nothing where they show enough", () => {
    draw(<FirstMinute />, ...SHOWN, withColumns(label), variance(0.4, 0.3));
    expect(screen.queryByRole("button", { name: /^Try / })).toBeNull();
  });

  it("has examples made from the data", () => {
    const page = draw(<FirstMinute />, ...SHOWN, withColumns(label, loss), CODES);
    const list = within(screen.getByRole("list", { name: "Examples to try" }));
    click(list.getByRole("button", { name: "Select the 2 points with label a" }));
    expect([...selection(page.state())]).toEqual([1, 2]);
    click(list.getByRole("button", { name: "Show only loss above 4" }));
    expect(page.state().view.where).toBe("loss > 4");
    click(list.getByRole("button", { name: "See the nearest neighbors of “#10”" }));
    expect([...selection(page.state())]).toEqual([10]);
  });

  it("are three also where nothing colors by categories", () => {
    const page = draw(<FirstMinute />, ...SHOWN, withColumns(loss));
    const list = within(screen.getByRole("list", { name: "Examples to try" }));
    expect(list.getAllByRole("button")).toHaveLength(3);
    click(list.getByRole("button", { name: "Look for duplicates and outliers" }));
    expect(page.state().page.inspector).toBe("checks");
    expect(page.state().checks.asked).not.toBe("");
  });

  it("offers to look where label and prediction differ", () => {
    const page = draw(<FirstMinute />, ...SHOWN, withColumns(label, predicted));
    click(screen.getByRole("button", { name: "Show only where label != predicted" }));
    expect(page.state().view.where).toBe("label != predicted");
  });
});
