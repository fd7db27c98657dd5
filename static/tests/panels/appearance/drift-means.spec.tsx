// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/model/data/dataset";
import { selectionOf } from "../../../src/model/view/selection";
import { DriftMeans } from "../../../src/panels/appearance/drift-means";
import { DriftGroups } from "../../../src/panels/inspector/drift-groups";
import { DriftNeighborList } from "../../../src/panels/inspector/drift-neighbors";
import { columnLoaded, datasetLoaded } from "../../../src/store/actions/data";
import { driftChanged } from "../../../src/store/actions/drift";
import { select } from "../../../src/store/actions/selection";
import { selection } from "../../../src/store/selectors/shown";
import { type Drift, NEW_DRIFT } from "../../../src/store/state/drift";
import { NO_ANSWER } from "../../../src/store/state/state";
import { dataset } from "../../store/fixtures";
import { click, draw, SHOWN, screen, shownText } from "../rendering";

const text = dataset.columns[0] as Column;
const label: Column = { ...text, index: 0, name: "label", kind: "categorical", n_categories: 2 };
const figure = (index: number, name: string): Column => ({
  ...text,
  index,
  name,
  kind: "numeric",
  number_bytes: 4,
  is_integer: false,
  minimum: 0,
  maximum: 1,
  made_by: "d1",
  compares: ["a-10", "b-10"],
  span: [0, 1],
});
const columns = [label, figure(1, "kept neighbors"), figure(2, "shift")];
const compared = datasetLoaded({ ...dataset, columns, color_column: 0, content: "2" }, "r2");
const numbers = (column: number, ...values: number[]) =>
  columnLoaded(dataset.id, column, {
    numbers: { kind: "numbers", values: Float32Array.from(values) },
  });
const codes = columnLoaded(dataset.id, 0, {
  codes: {
    kind: "codes",
    codes: Uint16Array.of(0, 1, 0),
    categories: { names: ["x", "y"], counts: [2, 1], n_categories: 2 },
  },
});
const loaded = [compared, codes, numbers(1, 1, 0.25, 0.5), numbers(2, 0, 1.5, 0.5)];

const DRIFT: Drift = {
  ...NEW_DRIFT,
  id: "d1",
  from: "a-10",
  to: "b-10",
  status: "done",
  result: {
    by_row: true,
    n_shared: 3,
    n_groups: 1,
    summary: {
      k: 15,
      metric: "cosine",
      n_compared: 3,
      kept: 0.5,
      kept_error: 0.02,
      chance: 0.01,
      moved: 0.25,
      warnings: ["k was lowered."],
    },
  },
};

describe("the means of the drift", () => {
  it("are those of all points and of each category", () => {
    const page = draw(<DriftMeans />, ...SHOWN, ...loaded, driftChanged(DRIFT));
    expect(shownText()).toContain("50.0 % ± 2.0 % of the 15 nearest neighbors (cosine) kept");
    expect(shownText()).toContain("by chance 1.0 %");
    expect(shownText()).toContain("k was lowered.");
    const table = within(screen.getByRole("table", { name: "Mean drift by label" }));
    const rows = table.getAllByRole("row").map(({ textContent }) => textContent);
    expect(rows).toEqual(["labelpointskeptshift", "x275.0 %0.25", "y125.0 %1.50"]);
    click(table.getByRole("button", { name: "y" }));
    const [filter] = page.state().view.filters;
    expect(filter).toMatchObject({ kind: "values", column: { name: "label" }, names: ["y"] });
    click(screen.getByRole("button", { name: "1 group moved alike" }));
    expect(page.state().page.inspector).toBe("checks");
  });

  it("ask for what is missing", () => {
    const page = draw(<DriftMeans />, ...SHOWN, compared);
    expect(page.requests).toContainEqual({ kind: "load-drift" });
    expect(page.requests).toContainEqual({ kind: "load-column", column: 0, what: "codes" });
    expect(page.requests).toContainEqual({ kind: "load-column", column: 1, what: "numbers" });
  });
});

describe("the neighbors of a point in two views", () => {
  const point = select(selectionOf([0]));
  const neighbors = {
    kept: [1],
    lost: [2],
    gained: [],
    kept_distances: [[0.5, 0.25]],
    lost_distances: [[1, 2]],
    gained_distances: [],
  } as const;

  it("are asked for, and listed with their distances in both", () => {
    const page = draw(<DriftNeighborList />, ...SHOWN, ...loaded, driftChanged(DRIFT), point);
    expect(page.requests).toEqual([{ kind: "load-drift-neighbors", point: 0 }]);
    const answer = { value: neighbors, isLoading: false, error: null };
    page.dispatch(driftChanged({ ...DRIFT, point: 0, neighbors: answer }));
    expect(screen.getByRole("heading").textContent).toBe("1 of 2 kept, 1 lost, 0 gained");
    expect(shownText()).toContain("Cosine distance in");
  });

  it("say why they are not known", () => {
    const answer = { ...NO_ANSWER, error: "Point 0 was not compared." };
    const failed = driftChanged({ ...DRIFT, point: 0, neighbors: answer });
    draw(<DriftNeighborList />, ...SHOWN, ...loaded, failed, point);
    expect(shownText()).toContain("Point 0 was not compared.");
  });
});

describe("groups that moved alike", () => {
  it("are sentences that select their points", () => {
    const value = [{ words: "2 points moved together.", rows: [0, 2] }];
    const groups = { value, isLoading: false, error: null };
    const known = driftChanged({ ...DRIFT, groups });
    const page = draw(<DriftGroups />, ...SHOWN, ...loaded, known);
    click(screen.getByRole("button", { name: "2 points moved together." }));
    expect([...selection(page.state())]).toEqual([0, 2]);
  });

  it("are none where nothing moved, and nothing is said without a comparison", () => {
    const groups = { value: [], isLoading: false, error: null };
    const page = draw(<DriftGroups />, ...SHOWN, ...loaded);
    expect(shownText()).toBe("");
    expect(page.requests).toEqual([{ kind: "load-drift" }]);
    page.dispatch(driftChanged({ ...DRIFT, groups }));
    expect(shownText()).toContain("No group of points moved");
  });
});
