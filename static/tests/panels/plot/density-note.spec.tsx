// @vitest-environment jsdom
import { expect, it } from "vitest";
import type { Params } from "../../../src/model/projection/method";
import { DensityNote } from "../../../src/panels/plot/density-note";
import { datasetLoaded } from "../../../src/store/actions/data";
import { densityHeard } from "../../../src/store/actions/density";
import { showPositions } from "../../../src/store/actions/projection";
import { referenceNoted } from "../../../src/store/actions/quality";
import type { Action } from "../../../src/store/store";
import { dataset } from "../../store/fixtures";
import { draw, SHOWN, shownText } from "../rendering";

const SAMPLE = { ...dataset, n_dims: 2, n_all: 25_000_000 };
const GIVEN = shownWith({});

function shownWith(params: Params): Action {
  return showPositions({
    dataset: dataset.id,
    projection: "p1",
    method: "given",
    params,
    components: null,
    positions: { values: new Float32Array(6), dims: 2 },
    isLive: false,
  });
}

it("says what the grey behind the points is, or how much of it is counted", () => {
  const { dispatch, requests } = draw(
    <DensityNote />,
    ...SHOWN,
    datasetLoaded(SAMPLE, "r2"),
    GIVEN,
  );
  expect(requests).toContainEqual({ kind: "draw-density" });
  expect(shownText()).toBe("Counting all 25,000,000 points: 0.0 %");
  dispatch(densityHeard(dataset.id, { state: "counting", done: 0.43 }));
  expect(shownText()).toBe("Counting all 25,000,000 points: 43.0 %");
  const done = { state: "done", bounds: [0, 1, 0, 1], sides: [128] } as const;
  dispatch(densityHeard(dataset.id, { ...done, n_points: 25_000_000, n_placed: 25_000_000 }));
  expect(shownText()).toBe("density of all 25,000,000 points");
  dispatch(densityHeard(dataset.id, { ...done, n_points: 25_000_000, n_placed: 24_999_998 }));
  expect(shownText()).toContain("2 points of them without a position");
  dispatch(densityHeard(dataset.id, { state: "failed", message: "part-1 is gone." }));
  expect(shownText()).toBe("No density of all 25,000,000 points: part-1 is gone.");
});

it("is nothing where the points have been moved", () => {
  const { dispatch } = draw(<DensityNote />, ...SHOWN, datasetLoaded(SAMPLE, "r2"), GIVEN);
  expect(shownText()).not.toBe("");
  for (const params of [{ dims: "1, 0" }, { center: true }, { n_components: 2, unit_norm: true }]) {
    dispatch(shownWith(params));
    expect(shownText()).toBe("");
  }
  dispatch(shownWith({ n_components: 2, dims: null, center: false, random_state: 0 }));
  expect(shownText()).not.toBe("");
  dispatch(referenceNoted("p1", "step 20"));
  expect(shownText()).toBe("");
});

it("is nothing where all points are drawn", () => {
  draw(<DensityNote />, ...SHOWN, GIVEN);
  expect(shownText()).toBe("");
});
