// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import type { Quality } from "../../../src/model/projection/quality";
import { QualityPanel } from "../../../src/panels/quality/quality-panel";
import { QualityStatus } from "../../../src/panels/quality/quality-status";
import {
  projectionHeard,
  setComponent,
  showPositions,
} from "../../../src/store/actions/projection";
import { measuringFailed } from "../../../src/store/actions/quality";
import type { Action } from "../../../src/store/store";
import { projection } from "../../store/fixtures";
import { click, draw, SHOWN, screen, shownText } from "../rendering";

const scores = {
  trustworthiness: 0.987,
  continuity: 0.95,
  overlap: 0.61,
  distance_correlation: -0.2,
};
const QUALITY: Quality = {
  state: "done",
  phase: "",
  done: 4,
  total: 4,
  ahead: null,
  k: 15,
  error: null,
  summary: {
    ...scores,
    k: 15,
    n_reference: 3,
    baselines: { pca: scores, random: { ...scores, trustworthiness: 0.5 } },
    warnings: [],
  },
};

function measured(part: Partial<Quality> = {}): Action {
  const quality = { ...QUALITY, ...part };
  const done = { id: "p0", method: "pca", state: "done" as const, n_kept: 3, n_components: 2 };
  return projectionHeard(projection({ ...done, quality }));
}

describe("quality", () => {
  it("is computed when it is asked for", () => {
    const { requests } = draw(<QualityPanel />, ...SHOWN);
    click(screen.getByRole("button", { name: "Measure quality" }));
    expect(requests).toHaveLength(1);
  });

  it("says why it could not be computed, and can be asked for again", () => {
    draw(<QualityPanel />, ...SHOWN, measuringFailed("p0", "The data was deleted."));
    expect(shownText()).toContain("The data was deleted.");
    expect(screen.getByRole("button", { name: "Measure quality" })).toBeDefined();
  });

  it("shows how far it is", () => {
    draw(<QualityPanel />, ...SHOWN, measured({ state: "running", done: 1, summary: null }));
    expect(screen.getByRole("progressbar", { name: "Measuring quality" })).toHaveProperty(
      "value",
      0.25,
    );
    expect(shownText()).toContain("25 %");
  });

  it("compares each score with PCA and random positions", () => {
    draw(<QualityPanel />, ...SHOWN, measured());
    const names = screen.getAllByRole("button").map((each) => each.getAttribute("aria-label"));
    expect(names).toEqual([
      "Trustworthiness 0.99, PCA 0.99, random 0.50",
      "Continuity 0.95, PCA 0.95, random 0.95",
      "Neighbor overlap 0.61, PCA 0.61, random 0.61",
      "Distance correlation −0.20, PCA −0.20, random −0.20",
    ]);
    expect(shownText()).toContain("Scores over each point's 15 nearest neighbors; 1 is perfect.");
  });

  it("colors the points by a score, and takes the color back", () => {
    const { state } = draw(<QualityPanel />, ...SHOWN, measured());
    const overlap = screen.getByRole("button", { name: /^Neighbor overlap/ });
    click(overlap);
    // The name is in links and bookmarks.
    expect(state().view.color?.name).toBe("this picture: overlap");
    expect(overlap.getAttribute("aria-pressed")).toBe("true");
    click(overlap);
    expect(state().view.color).toBeUndefined();
  });

  it("says what its numbers are not of", () => {
    const summary = QUALITY.summary && { ...QUALITY.summary, n_reference: 2, warnings: ["Ties."] };
    const { dispatch, state } = draw(<QualityPanel />, ...SHOWN, measured({ summary }));
    expect(shownText()).toContain("a sample of 2 of 3 points");
    expect(shownText()).toContain("Ties.");
    expect(shownText()).not.toContain("These scores are of the first components");
    const { shown } = state().work;
    if (!shown) throw new Error("nothing is shown");
    dispatch(setComponent(0, 2), showPositions({ ...shown, components: [2, 1] }));
    expect(shownText()).toContain("These scores are of the first components, which are not shown.");
  });

  it("is one number in the status bar, with all in its tooltip", () => {
    draw(<QualityStatus />, ...SHOWN, measured());
    expect(shownText()).toBe("quality 0.99");
    expect(screen.getByText(/^quality/).title).toContain("Neighbor overlap 0.61");
  });
});
