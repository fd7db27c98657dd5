import { describe, expect, it } from "vitest";
import { liveChanges } from "../../../src/model/projection/live-parameters";
import { method, parameter } from "../../store/fixtures";

const tsne = method("tsne", {
  live: ["n_iter", "exaggeration"],
  parameters: [
    parameter("perplexity", { default: 30 }),
    parameter("n_iter", { default: 750 }),
    parameter("exaggeration", { default: 1 }),
  ],
});

describe("what a running method can follow", () => {
  it("is a change of a live parameter, back to the usual value too", () => {
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
