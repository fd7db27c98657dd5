// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import { AlignmentNote, Orientation } from "../../../src/panels/projection/alignment-control";
import { AxisCaptions } from "../../../src/panels/projection/axis-captions";
import { AxisEndsTable } from "../../../src/panels/projection/axis-ends";
import { Components } from "../../../src/panels/projection/component-picker";
import { ProjectionHistory } from "../../../src/panels/projection/projection-history";
import { TimeSpent } from "../../../src/panels/projection/time-spent";
import { methodsLoaded } from "../../../src/store/actions/place";
import {
  openMethod,
  projectionHeard,
  requestAnswered,
  requestDraft,
  setDims,
  showPositions,
} from "../../../src/store/actions/projection";
import { referenceNoted } from "../../../src/store/actions/quality";
import { requestKey } from "../../../src/store/selectors/request";
import type { Action } from "../../../src/store/store";
import { dataset, methods, projection, unheardOf } from "../../store/fixtures";
import { click, draw, fill, OPENED, SHOWN, screen, shownText, unfold } from "../rendering";

const RATIOS = [0.5, 0.3, 0.15, 0.05];

function answered(part: Parameters<typeof projection>[0]): Action {
  return (state) =>
    requestAnswered(requestKey(state, state.view.request) ?? "", projection(part))(state);
}

function onScreen(id: string, method: string, params: Record<string, string> = {}): Action {
  const positions = { values: new Float32Array(6), dims: 2 as const };
  const { id: name } = dataset;
  return showPositions({
    ...{ dataset: name, projection: id, method, params },
    ...{ components: null, positions, isLive: false },
  });
}

describe("where the time went", () => {
  const phases = [
    { phase: "starting", seconds: 0, processor_seconds: 0 },
    { phase: "layout", seconds: 2, processor_seconds: 3 },
  ];
  const details = { phases, memory_bytes: 512e6, n_threads: 2 };

  it("is told by phase once the work is done", () => {
    draw(<TimeSpent />, ...OPENED, answered({ method: "pca", state: "done", details }));
    unfold();
    const rows = screen.getAllByRole("row").map((row) => row.textContent);
    expect(rows).toEqual(["PhaseTimeCores", "starting0 s–", "layout2 s1.5"]);
    expect(shownText()).toContain("2 cores, 512 MB at most.");
  });

  it("is nothing for work that goes on, or of a server that does not tell", () => {
    draw(<TimeSpent />, ...OPENED, answered({ method: "pca", state: "running", details }));
    expect(shownText()).toBe("");
    draw(<TimeSpent />, ...OPENED, answered({ method: "pca", state: "done", details: {} }));
    expect(shownText()).toBe("");
  });
});

describe("the components", () => {
  const kept = answered({
    method: "pca",
    state: "done",
    n_kept: 4,
    details: { explained_variance_ratio: RATIOS },
  });

  it("say how much of the variance is shown, and are exchanged", () => {
    const { state } = draw(<Components />, ...OPENED, kept);
    expect(shownText()).toContain("80.0 % of the variance is shown");
    const choice = within(screen.getByRole("group", { name: "Components" }));
    fill(choice.getByRole("combobox", { name: "Y" }), "3");
    expect(state().view.components.slice(0, 2)).toEqual([0, 3]);
    expect(shownText()).toContain("55.0 %");
    // A component cannot be two axes.
    fill(choice.getByRole("combobox", { name: "X" }), "3");
    expect(state().view.components.slice(0, 2)).toEqual([3, 0]);
  });

  it("are as many as there are dimensions", () => {
    const { dispatch } = draw(<Components />, ...OPENED, kept);
    expect(screen.queryByRole("combobox", { name: "Z" })).toBeNull();
    dispatch(setDims(3));
    expect(screen.queryByRole("combobox", { name: "Z" })).not.toBeNull();
  });

  it("are not there for a method that keeps none", () => {
    draw(<Components />, ...OPENED, openMethod("umap"), requestDraft(), answered({}));
    expect(shownText()).toBe("");
  });
});

describe("the axes that a person chose", () => {
  const lines = { ...unheardOf, is_instant: true };
  const params = { x_from: "0", x_to: "1-2", y_from: "= a + b" };
  const axis = (name: string, length: number) => ({ name, length, from_at: -1, to_at: 1 });
  const done = { id: "p1", method: lines.name, state: "done" as const, params };
  const chosen = (axes: readonly ReturnType<typeof axis>[]): Action[] => [
    ...OPENED,
    methodsLoaded([...methods, lines]),
    openMethod(lines.name),
    requestDraft(),
    answered({ ...done, details: { axes } }),
    onScreen("p1", lines.name, params),
  ];

  it("have the names of their ends at the edges of a flat plot", () => {
    draw(<AxisCaptions />, ...chosen([axis("x", 2)]));
    expect(shownText()).toBe("#0→2 points");
  });

  it("have no caption where they lead nowhere, or are not declared", () => {
    draw(<AxisCaptions />, ...chosen([axis("x", 0), axis("y", 2)]));
    // Of y there is one end only.
    expect(shownText()).toBe("");
  });

  it("are listed with the places of their ends", () => {
    draw(<AxisEndsTable />, ...chosen([axis("x", 2)]));
    const table = screen.getByRole("table", { name: "Ends of the axes" });
    expect(within(table).getByRole("rowheader").textContent).toBe("X");
    expect(table.textContent).toContain("#0 → 2 points");
    expect(table.textContent).toMatch(/[-−]1 … 1/);
  });
});

describe("alignment", () => {
  it("is offered where a method's results can be aligned, and there is another step", () => {
    const { dispatch, state } = draw(<Orientation />, ...OPENED, openMethod("pca"));
    expect(screen.queryByRole("checkbox")).toBeNull();
    dispatch(openMethod("umap"));
    const keep = screen.getByRole("checkbox", { name: "Keep orientation between steps" });
    click(keep);
    expect(state().view.keepOrientation).toBe(false);
  });

  it("says what it changed", () => {
    const alignment = {
      angle_degrees: 12,
      scale: 0.98,
      is_mirrored: false,
      residual: 0.5,
      n_shared: 3,
    };
    draw(
      <AlignmentNote />,
      ...OPENED,
      openMethod("umap"),
      projectionHeard(projection({ state: "done", details: { alignment } })),
      onScreen("p1", "umap"),
      referenceNoted("p1", "step 20"),
    );
    unfold();
    expect(shownText()).toContain("Aligned to step 20: rotated by 12°, scaled 0.98, residual 0.50");
    expect(shownText()).toContain("These two are mostly different.");
  });
});

describe("previous projections", () => {
  it("are listed by what was set, and shown again", () => {
    const umap = projection({
      id: "p2",
      state: "done",
      params: { n_components: 2, n_neighbors: 30, n_landmarks: 2 },
    });
    const { state } = draw(<ProjectionHistory />, ...SHOWN, projectionHeard(umap));
    unfold();
    expect(shownText()).toContain("Previous projections (2)");
    click(screen.getByRole("button", { name: "UMAP 2D · n_neighbors 30 · n_landmarks 2" }));
    expect(state().view.request).toMatchObject({
      method: "umap",
      params: { n_neighbors: 30, n_landmarks: 2 },
    });
  });

  it("are none before there are two", () => {
    draw(<ProjectionHistory />, ...SHOWN);
    expect(shownText()).toBe("");
  });

  it("are switched with the one before", () => {
    const other = projectionHeard(projection({ id: "p2", state: "done" }));
    const { state } = draw(
      <ProjectionHistory />,
      ...SHOWN,
      other,
      openMethod("umap"),
      requestDraft(),
      onScreen("p2", "umap"),
    );
    unfold();
    click(screen.getByRole("button", { name: "Compare with previous" }));
    expect(state().view.request.method).toBe("pca");
  });
});
