import { describe, expect, it } from "vitest";
import { alignmentText, hasFreeOrientation } from "../../../src/model/projection/alignment";
import { liveChanges } from "../../../src/model/projection/live-parameters";
import type { Method, Parameter } from "../../../src/model/projection/method";
import {
  groupingColumns,
  layoutNotes,
  superviseBy,
} from "../../../src/model/projection/supervision";
import { dataset } from "../../store/fixtures";

function parameter(name: string, usual: Parameter["default"]): Parameter {
  return {
    name,
    kind: "int",
    default: usual,
    help: "",
    low: null,
    high: null,
    choices: [],
    log: false,
    advanced: false,
  };
}

const tsne: Method = {
  name: "tsne",
  title: "t-SNE",
  summary: "",
  live: ["n_iter", "exaggeration"],
  parameters: [
    parameter("perplexity", 30),
    parameter("n_iter", 750),
    parameter("exaggeration", 1),
    parameter("init", "pca"),
  ],
};

describe("labels that take part", () => {
  it("divide the points into groups", () => {
    const column = dataset.columns[0];
    if (!column) throw new Error("no column");
    const unique = { ...column, name: "id", n_categories: 100 };
    const amount = { ...column, name: "loss", kind: "numeric" as const, is_integer: false };
    const found = groupingColumns([column, unique, amount], 100);
    expect(found.map(({ name }) => name)).toEqual(["label"]);
  });

  it("count for something as soon as they are chosen", () => {
    const chosen = superviseBy({}, "label");
    expect(chosen).toEqual({ supervise_by: "label", supervise_weight: 0.5, ignored_label: null });
    const other = superviseBy({ ...chosen, supervise_weight: 0.2, ignored_label: "3" }, "split");
    expect(other).toEqual({ supervise_by: "split", supervise_weight: 0.2, ignored_label: null });
    expect(superviseBy(other, null)).toMatchObject({ supervise_by: null, supervise_weight: 0 });
  });

  it("are named, and landmarks with them", () => {
    const labels = { supervise_by: "label", supervise_weight: 0.5, ignored_label: "3" };
    expect(layoutNotes({ ...labels, n_landmarks: 5000 })).toEqual([
      "supervised by label, weight 0.5, ignoring 3",
      "5,000 landmarks",
    ]);
    expect(layoutNotes({ supervise_by: "label", supervise_weight: 0 })).toEqual([]);
  });
});

describe("what a running method can follow", () => {
  it("is a change of what acts at once, back to the usual value too", () => {
    expect(liveChanges(tsne, { exaggeration: 1 }, { exaggeration: 4 })).toEqual({
      exaggeration: 4,
    });
    expect(liveChanges(tsne, { exaggeration: 4, n_iter: 750 }, {})).toEqual({ exaggeration: 1 });
    expect(liveChanges(tsne, {}, { n_iter: 750 })).toEqual({});
  });

  it("is no change of anything else", () => {
    expect(liveChanges(tsne, {}, { exaggeration: 4, perplexity: 5 })).toBeNull();
  });
});

describe("laying on one another", () => {
  it("is for layouts that may start anywhere", () => {
    expect(hasFreeOrientation(tsne)).toBe(true);
    expect(hasFreeOrientation({ ...tsne, parameters: [parameter("perplexity", 30)] })).toBe(false);
  });

  it("says what it took", () => {
    const alignment = {
      angle_degrees: 12.4,
      scale: 0.976,
      is_mirrored: true,
      residual: 0.312,
      n_shared: 3,
    };
    expect(alignmentText(alignment)).toBe("turned by 12°, mirrored, scaled 0.98, residual 0.31");
  });
});
