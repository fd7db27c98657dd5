// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { allWarnings, StatusBar } from "../../../src/panels/page/status-bar";
import { datasetLoaded } from "../../../src/store/actions/data";
import { goTo, listingLoaded, methodsLoaded } from "../../../src/store/actions/place";
import { projectionHeard, showPositions } from "../../../src/store/actions/projection";
import { referenceNoted } from "../../../src/store/actions/quality";
import { select } from "../../../src/store/actions/selection";
import type { Shown } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { dataset, listing, methods, projection, unheardOf } from "../../store/fixtures";
import { click, draw, OPENED, SHOWN, screen, shownText } from "../rendering";

const NAME = unheardOf.name;

function onScreen(part: Partial<Shown>): Action {
  return showPositions({
    dataset: dataset.id,
    projection: "p1",
    method: NAME,
    params: {},
    components: null,
    positions: { values: new Float32Array(6), dims: 2 },
    isLive: false,
    ...part,
  });
}

const ALL = [...OPENED, methodsLoaded([...methods, unheardOf])];

describe("the status bar", () => {
  it("says how much there is, and which components are shown", () => {
    draw(<StatusBar />, ...SHOWN);
    expect(shownText()).toBe("3 points · 8 dimensionsPCA 2D · components 1, 2Table");
  });

  it("says what was set of a method that the page has never heard of", () => {
    const params = { x_from: "1, 2", by: "label", weight: 0.8, n_sampled: 5000, scaled: true };
    draw(<StatusBar />, ...ALL, onScreen({ params }), referenceNoted("p1", "step 20"));
    expect(shownText()).toContain(
      "Unheard of 2D · aligned to step 20 · scaled · guided by label · weight 0.8 · " +
        "5,000 sampled · speed 1 · shape round",
    );
  });

  it("calls a method that nobody declares by its name", () => {
    draw(<StatusBar />, ...ALL, onScreen({ method: "other", params: { a: 1 } }));
    expect(shownText()).toContain("other 2D");
    expect(shownText()).not.toContain("a 1");
  });

  it("says what becomes of a projection that is not finished", () => {
    const { dispatch } = draw(<StatusBar />, ...ALL, onScreen({ isLive: true }));
    expect(shownText()).toContain("in progress");
    dispatch(
      onScreen({}),
      projectionHeard(projection({ method: NAME, state: "cancelled" })),
      goTo({ run: "a", name: "hidden", step: 20 }),
    );
    expect(shownText()).toContain("stopped early · still showing a, step 10");
  });

  it("counts what is selected", () => {
    draw(<StatusBar />, ...SHOWN, select(Uint32Array.of(0, 2)));
    expect(shownText()).toContain("2 selected");
  });

  it("leads to warnings and problems", () => {
    const problems = [{ run: "a", path: "x", message: "cut", severity: "error" as const }];
    const { state } = draw(
      <StatusBar />,
      ...SHOWN,
      datasetLoaded({ ...dataset, warnings: ["First.", "Second."] }, "r2"),
      listingLoaded({ ...listing, problems }),
    );
    const warnings = screen.getByRole("button", { name: /^First\./ });
    expect([warnings.title, warnings.textContent]).toEqual(["First.", "First.+1"]);
    click(screen.getByRole("button", { name: "1 problem" }));
    expect(state().page.dialog).toBe("problems");
  });

  it("says that the server still looks", () => {
    const { dispatch } = draw(<StatusBar />, ...SHOWN, listingLoaded({ ...listing, n_seen: 1234 }));
    expect(shownText()).toContain("still looking: 1,234 files seen");
    dispatch(listingLoaded(listing));
    expect(shownText()).not.toContain("looking");
  });

  it("opens the table", () => {
    const { state } = draw(<StatusBar />, ...SHOWN);
    const table = screen.getByRole("button", { name: "Table" });
    click(table);
    expect(state().layout.open.table).toBe(true);
    expect(table.getAttribute("aria-pressed")).toBe("true");
  });
});

it("points without a position are a warning where nothing else is said of them", () => {
  const { state, dispatch } = draw(
    <StatusBar />,
    ...SHOWN,
    datasetLoaded({ ...dataset, n_unplaced: 1 }, "r2"),
  );
  expect(allWarnings(state())).toEqual(["1 point with NaN or infinity has no position."]);
  dispatch(datasetLoaded({ ...dataset, n_unplaced: 2 }, "r3"));
  expect(allWarnings(state())).toEqual(["2 points with NaN or infinity have no position."]);
  dispatch(datasetLoaded({ ...dataset, n_unplaced: 2, warnings: ["Two rows."] }, "r4"));
  expect(allWarnings(state())).toEqual(["Two rows."]);
});

it("says from how many points the shown ones were drawn", () => {
  const { dispatch } = draw(<StatusBar />, ...SHOWN);
  expect(shownText()).not.toContain("random");
  dispatch(datasetLoaded({ ...dataset, n_points: 100_000, n_all: 25_000_000 }, "r2"));
  expect(shownText()).toContain("100,000 of 25,000,000 points, drawn at random · ");
});
