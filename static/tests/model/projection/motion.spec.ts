import { describe, expect, it } from "vitest";
import { motionWords } from "../../../src/model/projection/motion";
import type { SeriesResult } from "../../../src/model/projection/series";

const MOTION = { false: 0.005, false95: 0.02, true: 0.12, auc: 0.99, n_stayed: 90, n_changed: 20 };
const RESULT: SeriesResult = {
  motion: [MOTION],
  false: 0.005,
  true: 0.12,
  auc: 0.99,
  is_truthful: true,
  line: "",
  frame: { center: [0, 0], radius: 1 },
  share: null,
  warnings: [],
};

describe("what motion means", () => {
  it("is said in shares of the picture", () => {
    const { text, meaning, isCaution } = motionWords(RESULT);
    expect(text).toBe("Points that stayed move 0.5 % of the picture, those that changed 12.0 %");
    expect(meaning).toContain("at least 80 % of 15 neighbors");
    expect(meaning).toContain("Here it is 99.0 %.");
    expect(isCaution).toBe(false);
  });

  it("is a caution beyond the server's limits", () => {
    expect(motionWords({ ...RESULT, is_truthful: false }).isCaution).toBe(true);
  });

  it("says of which points there are too few", () => {
    expect(motionWords({ ...RESULT, true: null, auc: null }).text).toContain(
      "fewer than 10 changed",
    );
    expect(motionWords({ ...RESULT, false: null }).text).toContain("Fewer than 10 points stayed");
    expect(motionWords({ ...RESULT, false: null, true: null }).text).toContain("Too few points");
    expect(motionWords({ ...RESULT, motion: [] }).text).toContain("was not measured");
  });
});
